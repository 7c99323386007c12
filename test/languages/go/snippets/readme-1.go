package snippets

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	ecr "github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr"
)

func lifecyclePreview() {
	policy := ecr.LifecyclePolicy_Of(
		ecr.LifecycleRule_Protect(&ecr.ProtectImagesOptions{Images: ecr.ImageSelection_TagPattern(jsii.String("release-*"))}),
		ecr.LifecycleRule_Expire(&ecr.ExpireImagesOptions{
			Images:    ecr.ImageSelection_AnyOfTagPatterns(jsii.String("pr-*"), jsii.String("dev-*")),
			OlderThan: awscdk.Duration_Days(jsii.Number(30)),
		}),
		ecr.LifecycleRule_Expire(&ecr.ExpireImagesOptions{Images: ecr.ImageSelection_UNTAGGED(), OlderThan: awscdk.Duration_Days(jsii.Number(7))}),
	)

	at := time.Date(2026, time.November, 21, 0, 0, 0, 0, time.UTC)
	january1 := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	january2 := time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC)
	preview := policy.Preview(&ecr.LifecyclePreviewProps{
		At: &at,
		Images: &[]*ecr.RegistryImage{
			{Digest: jsii.String("sha256:1"), Tags: jsii.Strings("release-1.0", "pr-7"), PushedAt: &january1},
			{Digest: jsii.String("sha256:2"), Tags: jsii.Strings("pr-8"), PushedAt: &january2},
		},
	})
	preview.ToTable(nil) // sha256:2 expires, sha256:1 stays because of 'release-*'

	policy.Forecast(&ecr.LifecycleForecastProps{
		PushesPerDay: &map[string]*float64{"release-*": jsii.Number(0.5), "pr-*": jsii.Number(20)},
		ImageSize:    awscdk.Size_Mebibytes(jsii.Number(300)),
	}).ToTable() // images, GB and cost of a year
}
