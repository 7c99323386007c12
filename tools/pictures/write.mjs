// Writes docs/pictures/*.svg: `npm run pictures`.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { draw } from './draw.mjs';
import { PICTURES } from './pictures.mjs';

const FOLDER = new URL('../../docs/pictures/', import.meta.url);
for (const file of readdirSync(FOLDER)) {
  rmSync(new URL(file, FOLDER));
}
for (const [name, picture] of Object.entries(PICTURES)) {
  writeFileSync(new URL(`${name}.svg`, FOLDER), draw(picture));
}
