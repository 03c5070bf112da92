package io.ovl.dataplane.netns;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.file.Files;
import java.nio.file.Path;

/** Decides whether tests with network namespaces can run. */
final class NetnsCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        if (isRoot && Files.exists(Path.of("/dev/net/tun"))) {
            return ConditionEvaluationResult.enabled("root, with TUN devices");
        }
        if (System.getenv("CI") != null) {
            throw new IllegalStateException("network namespace tests need root and /dev/net/tun");
        }
        return ConditionEvaluationResult.disabled(
                "needs root and /dev/net/tun: sudo bench/verify.sh");
    }
}
