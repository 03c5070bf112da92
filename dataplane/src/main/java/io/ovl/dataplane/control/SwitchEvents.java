package io.ovl.dataplane.control;

import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.l2.FdbEvent;
import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.LoopGuard;
import io.ovl.dataplane.l2.Segment;

/** Takes what happens in the switch. Called on the conductor. */
public interface SwitchEvents extends FdbEvents {
    /** Takes nothing. */
    SwitchEvents NONE =
            new SwitchEvents() {
                @Override
                public void onFdbEvent(
                        FdbEvent event, int vni, long mac, int vlan, int port, int previousPort) {}

                @Override
                public void onVtepMet(Segment segment, UdpAddress vtep) {}

                @Override
                public void onLoop(Segment segment, LoopGuard.Change change) {}

                @Override
                public void onTapGone(int portId) {}
            };

    /** A VTEP that is not configured has sent to a segment that is open. */
    void onVtepMet(Segment segment, UdpAddress vtep);

    /** A loop has begun or ended. */
    void onLoop(Segment segment, LoopGuard.Change change);

    /** The TAP with that port has been deleted. */
    void onTapGone(int portId);
}
