/**
 * Who scans the images of a registry.
 */
export enum ScanType {
  /**
   * Amazon ECR scans packages of the operating system, on push or when somebody asks, once in 24 hours for an image. Free of charge.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
   */
  BASIC = 'BASIC',

  /**
   * Amazon Inspector scans packages of the operating system and of programming languages, on push or continuously.
   *
   * It has a price for the first scan of each image, and for each scan when new vulnerabilities become known.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html
   */
  ENHANCED = 'ENHANCED',
}
