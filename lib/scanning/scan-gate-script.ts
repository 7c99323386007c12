import { MissingScan } from './missing-scan';

/**
 * The input of the script of a gate. All texts are words of a shell, quoted if necessary.
 */
export interface GateScript {
  /** The name of the repository. */
  readonly repository: string;
  /** The options of the AWS CLI that select the registry. */
  readonly registryOptions: string;
  /** The tag or digest. */
  readonly image: string;
  /** The maximum number of findings by severity. */
  readonly limits: ReadonlyArray<readonly [severity: string, limit: string]>;
  /** The timeout for results, in seconds. */
  readonly timeout: string;
  /** The action without a scan. */
  readonly missingScan: MissingScan;
  /** Whether an image passes that the scanner does not support. */
  readonly allowUnsupported: boolean;
}

// An image of several platforms is an index, and one tag can be either.
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

// Buildkit keeps attestations (provenance, SBOM) in an index as images of a platform that no runtime requests.
const CHILDREN = "manifests[?!(platform.os=='unknown' && platform.architecture=='unknown')]"
  + ".join('/', [join('=', ['imageDigest', digest]), not_null(platform.os, 'any'), not_null(platform.architecture, 'any')])";

/**
 * A gate as lines for a POSIX shell, which need the AWS CLI only.
 *
 * The AWS CLI parses all JSON, including the manifests of indexes as literals of a query. It prints one line for each page of
 * findings. Only the first page has the status and the totals, so the script uses the larger number of the totals and the counted findings.
 * A status of `ACTIVE` or `COMPLETE` can precede the findings; `imageScanCompletedAt` is set together with them.
 *
 * @see https://github.com/aws/aws-sdk/issues/289
 */
export function gateScript({ repository, registryOptions, image, limits, timeout, missingScan, allowUnsupported }: GateScript): string {
  const severities = limits.map(([severity, limit], index) => {
    const name = severity.toLowerCase();
    return { severity, limit, name, total: `\${${4 + 2 * index}}`, found: `\${${5 + 2 * index}}` };
  });
  const each = (render: (it: typeof severities[number]) => string, separator = '; '): string => severities.map(render).join(separator);
  const queries = each(({ severity }) => `not_null(imageScanFindings.findingSeverityCounts.${severity}, \\\`0\\\`), `
    + `length([imageScanFindings.findings, imageScanFindings.enhancedFindings][] | [?severity=='${severity}'])`, ', ');
  const unsupported = allowUnsupported
    ? 'say "$name: passed, as allowed: the scanner does not support it"'
    : 'unknown "the scanner does not support it"';

  return `set -uf
unset IFS
image=${image}
repository=${repository}
timeout=${timeout} ${each(({ name, limit }) => `max_${name}=${limit}`, ' ')}

say() { printf 'scan gate: %s\\n' "$*"; }
stop() { code=$1; shift; say "$*"; exit "$code"; }
ecr() { aws ecr "$@" --repository-name "$repository"${registryOptions} --output text; }
image_of() { ecr batch-get-image --image-ids "$1" --query "$2" --accepted-media-types ${MEDIA_TYPES.join(' ')}; }
unknown() { say "$name: $*"; unknown=yes; }
unsupported() { ${unsupported}; }

command -v aws > /dev/null || stop 3 'needs the AWS CLI'
for number in "$timeout" ${each(({ name }) => `"$max_${name}"`, ' ')}; do
  case $number in '' | *[!0-9]*) stop 3 "limits and timeout must be whole numbers, got '$number'" ;; esac
done
case $image in
  '' | *[!A-Za-z0-9_.:-]*) stop 3 "needs a tag or digest of $repository, got '$image'" ;;
  sha256:*) todo=imageDigest=$image ;;
  *) todo=imageTag=$image ;;
esac

deadline=$(($(date +%s) + timeout)) tab=$(printf '\\t') checked=no refused=no unknown=no
while [ -n "$todo" ]; do
  item=\${todo%% *} todo=\${todo#"\${todo%% *}"} todo=\${todo# }
  found=$(image_of "\${item%%/*}" '[images[0].imageId.imageDigest, images[0].imageManifestMediaType, failures[0].failureReason]') ||
    stop 3 "cannot read \${item%%/*} of $repository"
  case $found in sha256:*) ;; *) stop 3 "$repository has no \${item%%/*}: \${found##*"$tab"}" ;; esac
  digest=\${found%%"$tab"*}
  name=$repository@$digest
  case $item in */*) name="$name (\${item#*/})" ;; esac

  case $found in *image.index* | *manifest.list*)
    manifest=$(image_of "imageDigest=$digest" 'images[0].imageManifest') || stop 3 "cannot read $name"
    case $manifest in *\\\`*) stop 3 "cannot read $name" ;; esac
    children=$(image_of "imageDigest=$digest" "\\\`$manifest\\\`.${CHILDREN}") || stop 3 "cannot read $name"
    for child in $children; do todo="\${todo:+$todo }$child"; done
    continue
  esac

  checked=yes status='' before=''${missingScan === MissingScan.START_SCAN ? ' started=no' : ''}
  while :; do
    completed=no ${each(({ name }) => `${name}=0 found_${name}=0`, ' ')}
    if answer=$(ecr describe-image-scan-findings --image-id "imageDigest=$digest" --query "['scan-gate-page', imageScanStatus.status, imageScanFindings.imageScanCompletedAt && 'yes' || 'no', ${queries}]" 2>&1); then
      # shellcheck disable=SC2086 # the words of all lines
      set -- $answer
      while [ $# -gt 0 ]; do
        if [ "$1" != scan-gate-page ]; then shift; continue; fi
        [ "$2" = None ] || status=$2
        [ "$3" = no ] || completed=$3
        ${each(({ name, total, found }) => `${name}=$((${name} > ${total} ? ${name} : ${total})) found_${name}=$((found_${name} + ${found}))`)}
        shift ${3 + 2 * severities.length}
      done
    else
      case $answer in *ScanNotFoundException*) status=SCAN_NOT_FOUND ;; *) stop 3 "cannot read the findings of $name: $answer" ;; esac
    fi

    case $status,$completed in
      ACTIVE,yes | COMPLETE,yes)
        ${each(({ name }) => `${name}=$((${name} > found_${name} ? ${name} : found_${name}))`)}
        summary="${each(({ name, severity }) => `$${name} ${severity} (at most $max_${name})`, ', ')}"
        if ${each(({ name }) => `[ "$${name}" -le "$max_${name}" ]`, ' && ')}; then say "$name: $summary"; else say "$name: too many: $summary"; refused=yes; fi
        break ;;
      ACTIVE,* | COMPLETE,* | PENDING,* | IN_PROGRESS,* | FINDINGS_UNAVAILABLE,* | SCAN_NOT_FOUND,*) ;;
      *)
        reason=$(ecr describe-image-scan-findings --image-id "imageDigest=$digest" --query imageScanStatus.description) || reason=
        case "$status $reason" in
          UNSUPPORTED_IMAGE* | *UnsupportedImageError*) unsupported ;;
          *) unknown "no result: $status $reason" ;;
        esac
        break ;;
    esac
${missingScan === MissingScan.START_SCAN ? `
    if [ "$status,$started" = SCAN_NOT_FOUND,no ]; then
      started=yes
      if answer=$(ecr start-image-scan --image-id "imageDigest=$digest" --query imageScanStatus.status 2>&1); then
        say "$name: started a scan"
      else
        case $answer in *UnsupportedImageTypeException*) unsupported; break ;; *) say "$name: cannot start a scan: $answer" ;; esac
      fi
    fi
` : ''}
    left=$((deadline - $(date +%s)))
    if [ "$left" -le 0 ]; then
      ${missingScan === MissingScan.PASS ? `if [ "$status" = SCAN_NOT_FOUND ]; then say "$name: passed, as allowed: it was not scanned"; break; fi
      ` : ''}unknown "no result within $timeout seconds: $status"
      break
    fi
    [ "$status" = "$before" ] || say "$name: waiting: $status"
    before=$status
    sleep $((left < 10 ? left : 10))
  done
done

[ "$refused" = no ] || stop 1 "REFUSED $repository $image"
[ "$unknown" = no ] || stop 2 "NO VERDICT on $repository $image"
[ "$checked" = yes ] || stop 2 "NO VERDICT on $repository $image: it holds no image"
stop 0 "PASSED $repository $image"`;
}
