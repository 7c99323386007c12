/**
 * What each preset costs for a repository with 20 pushes a day, and how far back it lets you roll: as a table, or as the chart in `docs/`
 * with `npm run charts`.
 */
import { writeFileSync } from 'node:fs';
import { Size } from 'aws-cdk-lib';
import { LifecycleComparison, type LifecycleForecastProps, LifecyclePolicy } from 'cdk-secure-ecr';
import { lineChart } from './line-chart';

const USE: LifecycleForecastProps = {
  pushesPerDay: { 'release-*': 0.5, 'pr-*': 19.5 },
  imageSize: Size.mebibytes(300),
  uniqueShare: 0.4, // the base layers are the same in all images
};

const FORECASTS = {
  'standard()': LifecyclePolicy.standard().forecast(USE),
  'production()': LifecyclePolicy.production().forecast(USE),
  'development()': LifecyclePolicy.development().forecast(USE),
};

export const PRESETS = LifecycleComparison.of(FORECASTS);

export const CHART = lineChart('Storage under each preset, with 20 pushes of 300 MiB a day', 'GB', Object.entries(FORECASTS).map(([name, { days }]) => ({
  name, values: days.map(({ gigabytes, archivedGigabytes }) => gigabytes + archivedGigabytes),
})));

if (require.main === module) {
  const [file] = process.argv.slice(2);
  if (file) {
    writeFileSync(file, CHART);
  }
  console.log(PRESETS.toTable());
}
