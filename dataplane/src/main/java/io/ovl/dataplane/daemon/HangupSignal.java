package io.ovl.dataplane.daemon;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * SIGHUP, which asks a service to read its configuration again.
 *
 * <p>The JDK hands signals only to {@code sun.misc.Signal}, of which the compiler warns in a way that cannot be allowed
 * in one place: hence by reflection.
 *
 * <p>Thread: the action runs on a thread of the JVM's.
 */
final class HangupSignal {
    private HangupSignal() {}

    /** Runs the action at each signal from now on. */
    static void onSignal(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run =
                    MethodHandles.publicLookup()
                            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(action);
            MethodHandle handle = MethodHandles.dropArguments(run, 0, signal);
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("HUP"),
                            MethodHandleProxies.asInterfaceInstance(handler, handle));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM hands out no signals", e);
        }
    }
}
