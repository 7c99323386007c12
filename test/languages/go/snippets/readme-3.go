package snippets

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	ecr "github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr"
)

func checks() {
	app := awscdk.NewApp(nil)
	awscdk.Validations_Of(app).AddPlugins(ecr.NewEcrChecks())
}
