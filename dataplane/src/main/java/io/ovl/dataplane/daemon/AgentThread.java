package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.EpollLoop;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

import java.util.function.Consumer;

/**
 * An agent on a thread of its own, waiting in its epoll loop while it has nothing to do.
 *
 * <p>Agrona's runner would interrupt a wait to end it, which epoll does not notice: this one wakes the loop.
 *
 * <p>Thread: the main thread starts and closes it. Errors: whatever the agent throws ends it and goes to the error
 * handler, once; the agent is closed in any case.
 */
final class AgentThread implements AutoCloseable {
    private final Agent agent;
    private final EpollLoop loop;
    private final IdleStrategy idleStrategy;
    private final Consumer<Throwable> errorHandler;
    private final Thread thread;
    private volatile boolean isRunning = true;

    private AgentThread(
            Agent agent,
            EpollLoop loop,
            IdleStrategy idleStrategy,
            Consumer<Throwable> errorHandler) {
        this.agent = agent;
        this.loop = loop;
        this.idleStrategy = idleStrategy;
        this.errorHandler = errorHandler;
        thread = new Thread(this::run, agent.roleName());
    }

    static AgentThread start(
            Agent agent,
            EpollLoop loop,
            IdleStrategy idleStrategy,
            Consumer<Throwable> errorHandler) {
        AgentThread started = new AgentThread(agent, loop, idleStrategy, errorHandler);
        started.thread.start();
        return started;
    }

    private void run() {
        loop.takeOwnership();
        try {
            agent.onStart();
            while (isRunning) {
                idleStrategy.idle(agent.doWork());
            }
        } catch (Exception | Error e) {
            errorHandler.accept(e);
        } finally {
            agent.onClose();
            loop.close();
        }
    }

    /** Ends the agent after the duty cycle it is in, and waits for that. */
    @Override
    public void close() {
        isRunning = false;
        loop.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
