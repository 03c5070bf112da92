package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

class ThreadPolicyTest {
    private static final String SCHED_IDLE = "5";

    /** Of proc_pid_stat(5), behind the name, which may hold spaces. */
    private static final int POLICY_FIELD = 41 - 3;

    @Test
    void shouldMakeTheCallingThreadIdleAndNoOther() throws Exception {
        assertThat(
                        inThread(
                                () -> {
                                    ThreadPolicy.idle();
                                    return policy();
                                }))
                .isEqualTo(SCHED_IDLE);
        assertThat(inThread(ThreadPolicyTest::policy)).isEqualTo(policy());
    }

    private static String inThread(Callable<String> question)
            throws InterruptedException, ExecutionException {
        FutureTask<String> task = new FutureTask<>(question);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    private static String policy() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[POLICY_FIELD];
    }
}
