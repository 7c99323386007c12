import { nearMiss } from '../../../lib/private/core/near-miss';

const KNOWN = ['ecr:BatchGetImage', 'ecr:PutImage', 'StringEquals', 'StringNotEquals'];

describe('nearMiss', () => {
  test.each([
    ['ecr:BatchGetImages', 'ecr:BatchGetImage', 'a letter too many'],
    ['ecr:BtchGetImage', 'ecr:BatchGetImage', 'a letter too few'],
    ['ecr:PutImgae', 'ecr:PutImage', 'two letters exchanged'],
    ['ecr:putimagE', 'ecr:PutImage', 'another case'],
    ['ecr:BatchGotImages', 'ecr:BatchGetImage', 'two letters of a long name'],
    ['StringEqual', 'StringEquals', 'the singular'],
    ['StringNotEqual', 'StringNotEquals', 'the singular of the longer name'],
  ])('of %s is %s: %s', (name, expected) => {
    expect(nearMiss(name, KNOWN)).toBe(expected);
  });

  test.each(['ecr:PullImage', 'ecr:GetImage', 'ecr:Image', '', 'x', 'ecr:BatchGetImageReferrers'])('of %s is none', name => {
    expect(nearMiss(name, KNOWN)).toBeUndefined();
  });
});
