/**
 * What a `ScanGate` does with an image that was not scanned.
 */
export enum MissingScan {
  /**
   * Wait for a scan until the time is over, then stop: nobody knows what is in the image.
   */
  REFUSE = 'REFUSE',

  /**
   * Start a scan and wait for it, which needs one more permission. Basic scanning only: enhanced scanning has no scans on request.
   *
   * Amazon ECR takes one basic scan of an image in 24 hours, the one on push included.
   */
  START_SCAN = 'START_SCAN',

  /**
   * Wait for a scan until the time is over, then let the image pass. A warning.
   */
  PASS = 'PASS',
}
