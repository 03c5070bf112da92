package io.ovl.dataplane.io;

/**
 * Told by a {@link LinkMonitor} what became of an interface.
 *
 * <p>Thread: the monitor's owner.
 */
public interface LinkListener {
    /** The interface's MTU is another now. Units: bytes. */
    void onMtu(int mtu);

    /** The interface was set up or down; moving it to another network namespace sets it down. */
    void onUp(boolean isUp);

    /** The interface is gone for good; nothing is reported afterwards. */
    void onDeleted();
}
