import { SizeRoundingBehavior } from 'aws-cdk-lib';
import { nameOf } from './learned-pushes';
import type { LifecycleHistory } from './lifecycle-history';
import { textTable } from './text-table';

/** What was learned from an inventory, and how well it fits the past, as lines of text. */
export function historyReport({ pushes, predictedImages, actualImages, predictedGigabytes, actualGigabytes, caveats }: LifecycleHistory): string[] {
  const number = (value: number) => `${Number(value.toPrecision(3))}`;
  return [
    textTable([
      ['LEARNED', 'PUSHES', 'DAYS', 'A DAY', 'MIB', 'MANIFESTS', 'REFERRERS', 'SIGNATURES', 'BURSTINESS', 'LAST THIRD', 'PREDICTED'],
      ...pushes.map(learned => [
        nameOf(learned), `${learned.observedPushes}`, learned.observedDays.toFixed(1), number(learned.perDay), learned.imageSize?.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }).toString() ?? '-',
        ...[learned.manifestsPerPush, learned.referrersPerPush, learned.signatureTagsPerPush, learned.burstiness].map(value => number(value!)),
        `${learned.actualPushes}`, learned.predictedPushes.toFixed(1),
      ]),
    ]),
    '',
    `Predicted from the first two thirds of each history, the last third has ${Math.round(predictedImages)} images (${predictedGigabytes.toFixed(1)} GB); `
      + `it has ${actualImages} images (${actualGigabytes.toFixed(1)} GB)${errorOf(predictedImages, actualImages)}.`,
    ...caveats,
  ];
}

function errorOf(predicted: number, actual: number): string {
  return actual === 0 ? '' : `, an error of ${Math.round(Math.abs(predicted / actual - 1) * 100)} %`;
}
