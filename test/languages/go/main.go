// The app of ../app.ts in Go.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
	ecr "github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr"
)

func day(month time.Month, day int) *time.Time {
	date := time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
	return &date
}

// refusal returns the message of an error, which jsii raises as a panic.
func refusal(construct func()) (message string) {
	defer func() { message = fmt.Sprint(recover()) }()
	construct()
	return
}

func main() {
	defer jsii.Close()
	outdir := os.Args[1]
	env := &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")}

	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &outdir, AnalyticsReporting: jsii.Bool(false)})
	awscdk.Validations_Of(app).AddPlugins(ecr.NewEcrChecks())

	stack := awscdk.NewStack(app, jsii.String("Images"), &awscdk.StackProps{Env: env})
	policy := ecr.LifecyclePolicy_Of(
		ecr.LifecycleRule_Protect(&ecr.ProtectImagesOptions{Images: ecr.ImageSelection_TagPattern(jsii.String("release-*"))}),
		ecr.LifecycleRule_Expire(&ecr.ExpireImagesOptions{
			Images:    ecr.ImageSelection_AnyOfTagPatterns(jsii.String("pr-*"), jsii.String("dev-*")),
			OlderThan: awscdk.Duration_Days(jsii.Number(30)),
		}),
		ecr.LifecycleRule_Expire(&ecr.ExpireImagesOptions{Images: ecr.ImageSelection_UNTAGGED(), OlderThan: awscdk.Duration_Days(jsii.Number(7))}),
	)
	repository := ecr.NewSecureRepository(stack, jsii.String("Api"), &ecr.SecureRepositoryProps{
		RepositoryName: jsii.String("team/api"),
		MutableTags:    jsii.Strings("latest"),
		Lifecycle:      policy,
	})
	ecr.NewCrossAccountPull(stack, jsii.String("Share"), &ecr.CrossAccountPullProps{
		Repositories: &[]awsecr.IRepository{repository},
		Consumers: &[]ecr.PullConsumer{
			ecr.PullConsumer_Accounts(jsii.Strings("222222222222")),
			ecr.PullConsumer_LambdaFunctions(jsii.String("222222222222")),
		},
	})
	ecr.NewRepositoryTemplate(stack, jsii.String("Teams"), &ecr.RepositoryTemplateProps{
		Prefix:       jsii.String("team"),
		AppliedFor:   &[]ecr.TemplateUse{ecr.TemplateUse_CREATE_ON_PUSH},
		ResourceTags: &map[string]*string{"cost-center": jsii.String("1234")},
	})
	role := awsiam.NewRole(stack, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("ecs-tasks.amazonaws.com"), nil),
	})
	repository.Grants().Pull(role)
	role.AddToPolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings("ecr:*"), Resources: jsii.Strings("*")})) // a warning of EcrChecks
	app.Synth(nil)

	preview := policy.Preview(&ecr.LifecyclePreviewProps{
		At: day(time.November, 21),
		Images: &[]*ecr.RegistryImage{
			{Digest: jsii.String("sha256:1"), Tags: jsii.Strings("release-1.0", "pr-7"), PushedAt: day(time.January, 1)},
			{Digest: jsii.String("sha256:2"), Tags: jsii.Strings("pr-8"), PushedAt: day(time.January, 2)},
		},
	})
	options := &ecr.LifecycleForecastProps{PushesPerDay: &map[string]*float64{"pr-*": jsii.Number(20)}, Days: jsii.Number(90)}

	legacy := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Legacy"), &awscdk.StackProps{Env: env})
	awsecr.NewCfnRepository(legacy, jsii.String("Repository"), &awsecr.CfnRepositoryProps{ImageTagMutability: jsii.String("MUTABLE")})
	report := ecr.NewEcrChecks().ValidateScope(legacy)

	message := refusal(func() {
		ecr.NewSecureRepository(stack, jsii.String("Bad"), &ecr.SecureRepositoryProps{RepositoryName: jsii.String("Bad Name")})
	})

	expired := []string{}
	for _, decision := range *preview.Expired() {
		expired = append(expired, *decision.Image().Digest)
	}
	violations := []string{}
	for _, violation := range *report.Violations {
		violations = append(violations, *violation.RuleName)
	}
	results, _ := json.Marshal(map[string]any{
		"expired":    expired,
		"reason":     *preview.DecisionFor(jsii.String("pr-8")).Reason(),
		"table":      *preview.ToTable(nil),
		"forecast":   *policy.Forecast(options).ForTag(jsii.String("pr-*")).Images,
		"success":    *report.Success,
		"violations": violations,
		"error":      strings.Contains(message, "'repositoryName' must be"),
	})
	if err := os.WriteFile(filepath.Join(outdir, "results.json"), results, 0o600); err != nil {
		panic(err)
	}
}
