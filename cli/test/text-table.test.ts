import { counted, textTable, widthOf } from '../src/core/text-table';

test.each([['abc', 3], ['größe', 5], ['e\u0301', 1], ['版本', 4], ['🚀', 2], ['👨‍👩‍👧', 2], ['', 0]])('%s is as wide as a terminal shows it', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('a table aligns columns, on the right where asked for', () => {
  expect(textTable([['版', '1'], ['ab c', '20']], [1])).toBe('版     1\nab c  20');
  expect([counted(1, 'repository', 'repositories'), counted(1200, 'image')]).toEqual(['1 repository', '1,200 images']);
});
