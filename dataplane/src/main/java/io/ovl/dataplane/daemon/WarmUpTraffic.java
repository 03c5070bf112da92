package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.DeviceStandIn;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * What two hosts say to each other through their devices, of every kind that the packet paths tell apart: code that has
 * only seen some of them is compiled for those, and again when the others come.
 *
 * <p>Thread: one.
 */
final class WarmUpTraffic {
    private static final int BURST = 80;
    private static final int SHORT_BURST = 8;
    private static final int MAX_STEPS = 200;

    private final DeviceStandIn a;
    private final DeviceStandIn b;
    private final Runnable step;
    private final UnsafeBuffer received = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 17));
    private final WarmUpFrame request;
    private final WarmUpFrame reply;
    private final WarmUpFrame small;
    private final WarmUpFrame smallBack;
    private final WarmUpFrame stream;
    private final WarmUpFrame streamBack;
    private final WarmUpFrame segment;
    private final WarmUpFrame line;
    private final WarmUpFrame acknowledgement;
    private final WarmUpFrame acknowledgementBack;
    private int rounds;

    /**
     * @param isEthernet whether the devices are TAPs
     * @param step has the daemons between the two do some of their work
     */
    WarmUpTraffic(DeviceStandIn a, DeviceStandIn b, boolean isEthernet, Runnable step) {
        this.a = a;
        this.b = b;
        this.step = step;
        WarmUpFrame.Way there = new WarmUpFrame.Way(isEthernet, 1, 2);
        WarmUpFrame.Way back = there.back();
        int segmentLength = WarmUpFrame.SEGMENT_LENGTH;
        request = WarmUpFrame.echo(there, 56);
        reply = WarmUpFrame.echo(back, 56);
        small = WarmUpFrame.udp(there, 64);
        smallBack = WarmUpFrame.udp(back, 171);
        stream = WarmUpFrame.tcp(there, 5000, 47 * segmentLength, false);
        streamBack = WarmUpFrame.tcp(back, 5002, 7 * segmentLength + 333, true);
        segment = WarmUpFrame.tcp(there, 5003, segmentLength, false);
        line = WarmUpFrame.tcp(back, 5004, 77, true);
        acknowledgement = WarmUpFrame.tcp(there, 5005, 0, false);
        acknowledgementBack = WarmUpFrame.tcp(back, 5006, 0, false);
    }

    /**
     * An echo and its reply, and now and then, in turn, one of the other kinds; false when something does not arrive.
     */
    boolean exchange() {
        return there(request, 1)
                && back(reply, 1)
                && switch (rounds++ & 15) {
                    case 0 -> there(stream, 1) && back(acknowledgementBack, 1);
                    case 4 -> there(small, BURST) && back(smallBack, BURST);
                    case 8 -> back(streamBack, 1) && there(acknowledgement, 1);
                    case 12 -> there(segment, SHORT_BURST) && back(line, 1);
                    default -> true;
                };
    }

    private boolean there(WarmUpFrame frame, int count) {
        return carry(a, frame, count, b);
    }

    private boolean back(WarmUpFrame frame, int count) {
        return carry(b, frame, count, a);
    }

    private boolean carry(DeviceStandIn from, WarmUpFrame frame, int count, DeviceStandIn to) {
        for (int i = 0; i < count; i++) {
            frame.advance();
            from.send(frame.buffer(), frame.buffer().capacity());
        }
        int frames = 0;
        int payload = 0;
        for (int steps = 0; steps < MAX_STEPS; steps++) {
            step.run();
            int length;
            while ((length = to.receive(received)) > 0) {
                frames++;
                payload += length - frame.headersLength();
            }
            if (frames > 0 && payload >= count * frame.payloadLength()) {
                return true;
            }
        }
        return false;
    }
}
