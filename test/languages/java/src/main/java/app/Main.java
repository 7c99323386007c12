package app;

import io.github.cdksecureecr.CrossAccountPull;
import io.github.cdksecureecr.EcrChecks;
import io.github.cdksecureecr.ExpireImagesOptions;
import io.github.cdksecureecr.ImageSelection;
import io.github.cdksecureecr.LifecycleForecastProps;
import io.github.cdksecureecr.LifecyclePolicy;
import io.github.cdksecureecr.LifecyclePreview;
import io.github.cdksecureecr.LifecyclePreviewProps;
import io.github.cdksecureecr.LifecycleRule;
import io.github.cdksecureecr.ProtectImagesOptions;
import io.github.cdksecureecr.PullConsumer;
import io.github.cdksecureecr.RegistryImage;
import io.github.cdksecureecr.RepositoryTemplate;
import io.github.cdksecureecr.SecureRepository;
import io.github.cdksecureecr.TemplateUse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.PolicyValidationPluginReport;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Validations;
import software.amazon.awscdk.services.ecr.CfnRepository;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;

/** The app of ../../../../../app.ts in Java. */
public final class Main {
  public static void main(final String[] args) throws Exception {
    Environment env = Environment.builder().account("111122223333").region("eu-west-1").build();

    App app = App.Builder.create().outdir(args[0]).analyticsReporting(false).build();
    Validations.of(app).addPlugins(new EcrChecks());

    Stack stack = Stack.Builder.create(app, "Images").env(env).build();
    LifecyclePolicy policy = LifecyclePolicy.of(
        LifecycleRule.protect(ProtectImagesOptions.builder().images(ImageSelection.tagPattern("release-*")).build()),
        LifecycleRule.expire(ExpireImagesOptions.builder()
            .images(ImageSelection.anyOfTagPatterns("pr-*", "dev-*"))
            .olderThan(Duration.days(30))
            .build()),
        LifecycleRule.expire(ExpireImagesOptions.builder().images(ImageSelection.UNTAGGED).olderThan(Duration.days(7)).build()));
    SecureRepository repository = SecureRepository.Builder.create(stack, "Api")
        .repositoryName("team/api")
        .mutableTags(List.of("latest"))
        .lifecycle(policy)
        .build();
    CrossAccountPull.Builder.create(stack, "Share")
        .repositories(List.of(repository))
        .consumers(List.of(PullConsumer.accounts(List.of("222222222222")), PullConsumer.lambdaFunctions("222222222222")))
        .build();
    RepositoryTemplate.Builder.create(stack, "Teams")
        .prefix("team")
        .appliedFor(List.of(TemplateUse.CREATE_ON_PUSH))
        .resourceTags(Map.of("cost-center", "1234"))
        .build();
    Role role = Role.Builder.create(stack, "Role").assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com")).build();
    repository.getGrants().pull(role);
    role.addToPolicy(PolicyStatement.Builder.create().actions(List.of("ecr:*")).resources(List.of("*")).build()); // a warning of EcrChecks
    app.synth();

    LifecyclePreview preview = policy.preview(LifecyclePreviewProps.builder()
        .at(Instant.parse("2026-11-21T00:00:00Z"))
        .images(List.of(
            RegistryImage.builder().digest("sha256:1").tags(List.of("release-1.0", "pr-7")).pushedAt(Instant.parse("2026-01-01T00:00:00Z")).build(),
            RegistryImage.builder().digest("sha256:2").tags(List.of("pr-8")).pushedAt(Instant.parse("2026-01-02T00:00:00Z")).build()))
        .build());
    LifecycleForecastProps options = LifecycleForecastProps.builder().pushesPerDay(Map.of("pr-*", 20)).days(90).build();

    Stack legacy = Stack.Builder.create(new App(), "Legacy").env(env).build();
    CfnRepository.Builder.create(legacy, "Repository").imageTagMutability("MUTABLE").build();
    PolicyValidationPluginReport report = new EcrChecks().validateScope(legacy);

    String error = "";
    try {
      SecureRepository.Builder.create(stack, "Bad").repositoryName("Bad Name").build();
    } catch (RuntimeException caught) {
      error = caught.getMessage();
    }

    Map<String, Object> results = new LinkedHashMap<>();
    results.put("expired", preview.getExpired().stream().map(decision -> decision.getImage().getDigest()).toList());
    results.put("reason", preview.decisionFor("pr-8").getReason());
    results.put("table", preview.toTable());
    results.put("forecast", policy.forecast(options).forTag("pr-*").getImages());
    results.put("success", report.getSuccess());
    results.put("violations", report.getViolations().stream().map(violation -> violation.getRuleName()).toList());
    results.put("error", error.contains("'repositoryName' must be"));
    Files.writeString(Path.of(args[0], "results.json"), new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(results));
  }
}
