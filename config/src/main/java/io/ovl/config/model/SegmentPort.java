package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

/**
 * The TAP device of a segment.
 *
 * <p>Thread: any; immutable.
 *
 * @param device made, or attached to when it exists
 * @param bridge the Linux bridge the device joins; null: none
 */
public record SegmentPort(InterfaceName device, @Nullable InterfaceName bridge) {
    /** As the configuration file has it. */
    @Override
    public String toString() {
        return "tap:" + device + (bridge == null ? "" : " bridge=" + bridge);
    }
}
