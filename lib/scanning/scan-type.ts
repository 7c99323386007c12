/**
 * The scan type of a registry.
 */
export enum ScanType {
  /**
   * Amazon ECR scans packages of the operating system, on push or on request, once in 24 hours for an image. It is free of charge.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
   */
  BASIC = 'BASIC',

  /**
   * Amazon Inspector scans packages of the operating system and of programming languages, on push or continuously.
   *
   * The first scan of each image is charged, and each later scan when new vulnerabilities become known.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html
   */
  ENHANCED = 'ENHANCED',
}
