/**
 * The action of a `ScanGate` for an image that was not scanned.
 */
export enum MissingScan {
  /**
   * Wait for a scan until the timeout, then fail, because the image has no findings.
   */
  REFUSE = 'REFUSE',

  /**
   * Start a scan and wait for it, which needs one more permission. It is for basic scanning only: enhanced scanning does not support
   * scans on request.
   *
   * Amazon ECR allows one basic scan of an image in 24 hours, including the scan on push.
   */
  START_SCAN = 'START_SCAN',

  /**
   * Wait for a scan until the timeout, then pass the image. This is a warning.
   */
  PASS = 'PASS',
}
