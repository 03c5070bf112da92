package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.DaemonStatus;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonCodec;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.SegmentUpdate;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the methods about segments say to parameters that make no sense: which, what was found and what is allowed. */
class JsonSegmentMethodsTest {
    private static final JsonCaller ROOT = new JsonCaller(true);

    private final SegmentLab lab = new SegmentLab();
    private final FakeDevice device = new FakeDevice();
    private final List<JsonMethod> methods =
            List.of(
                    new JsonSegmentsList(lab.segments),
                    new JsonSegmentsShow(lab.segments),
                    new JsonSegmentsAdd(lab.segments),
                    new JsonSegmentsSet(lab.segments),
                    new JsonSegmentsDel(lab.segments),
                    new JsonFdbShow(lab.segments.fdb()),
                    new JsonFdbGet(lab.segments.fdb()),
                    new JsonFdbPut(lab.segments.fdb(), false),
                    new JsonFdbPut(lab.segments.fdb(), true),
                    new JsonFdbDel(lab.segments.fdb()),
                    new JsonFdbFlush(lab.segments.fdb()),
                    new JsonNeighShow(lab.segments.fdb()),
                    new JsonNeighFlush(lab.segments.fdb()),
                    new JsonMtu(lab.segments, device));

    @BeforeEach
    void addSegment() throws ControlException {
        lab.segments.apply(SegmentUpdate.put(SegmentLab.lan()));
    }

    private Map<String, ?> call(String name, String params) throws ControlException {
        JsonMethod method =
                methods.stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
        byte[] text = params.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try {
            return method.call(new JsonObject(JsonCodec.read(text, 0, text.length)), ROOT);
        } catch (IOException e) {
            throw new AssertionError(params, e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    segments.list  | {'x':1}                           | unknown parameter "x"
                    segments.show  | {}                                | "name" must be given
                    segments.show  | {'name':10}                       | "name" must be a string, not 10
                    segments.add   | {'name':'x','vni':1}              | a new segment needs "vni" and "port"
                    segments.add   | {'name':'a b','vni':1,'port':'t'} | "name" must be 1 to 63 letters, digits, dots, hyphens and underscores, not "a b"
                    segments.add   | {'name':'x','vni':16777216}       | "vni" must be a number from 0 to 16777215, not 16777216
                    segments.add   | {'name':'x','vni':'ten'}          | "vni" must be a number from 0 to 16777215, not "ten"
                    segments.add   | {'name':'x','port':'a/b'}         | "port" must be the name of an interface, not "a/b"
                    segments.add   | {'name':'x','mayExist':'yes'}     | "mayExist" must be true or false, not "yes"
                    segments.add   | {'name':'x','color':'red'}        | unknown parameter "color"
                    segments.set   | {'name':'lan','bridge':'%'}       | "bridge" must be the name of an interface, not "%"
                    segments.set   | {'name':'lan','encap':'gre'}      | "encap" must be wireguard or vxlan, not "gre"
                    segments.set   | {'name':'lan','local':'here'}     | "local" must be IP, IPV4:PORT or [IPV6]:PORT, not "here"
                    segments.set   | {'name':'lan','local':'0.0.0.0'}  | "local" must be the unicast address of a VTEP, not "0.0.0.0"
                    segments.set   | {'name':'lan','local':'ff02::1'}  | "local" must be the unicast address of a VTEP, not "ff02::1"
                    segments.set   | {'name':'lan','remotes':'1.2.3.4'}| "remotes" must be an array of strings, not "1.2.3.4"
                    segments.set   | {'name':'lan','remotes':['a']}    | "remotes" must be IP, IPV4:PORT or [IPV6]:PORT, not "a"
                    segments.set   | {'name':'lan','ageing':-1}        | "ageing" must be a number from 0 to 1000000000, not -1
                    segments.set   | {'name':'lan','maxMacs':[]}       | "maxMacs" must be a number from 0 to 16777216, not an array
                    segments.set   | {'name':'lan','floodLimit':{}}    | "floodLimit" must be a number from 0 to 100000000, not an object
                    segments.set   | {'name':'lan','mtu':67}           | "mtu" must be 0, for auto, or 68 to 65535, not 67
                    segments.set   | {'name':'lan','open':1}           | "open" must be true or false, not 1
                    segments.del   | {'name':'lan','ifExists':0}       | "ifExists" must be true or false, not 0
                    fdb.show       | {'vni':-1}                        | "vni" must be a number from 0 to 16777215, not -1
                    fdb.show       | {'kind':'tap'}                    | "kind" and "port" go together
                    fdb.show       | {'kind':'bus','port':'x'}         | "kind" must be tap, peer or vtep, not "bus"
                    fdb.show       | {'vlan':4095}                     | "vlan" must be a number from 0 to 4094, not 4095
                    fdb.show       | {'state':'stale'}                 | "state" must be learned or static, not "stale"
                    fdb.get        | {'vni':10}                        | "mac" must be given
                    fdb.get        | {'mac':'02:00','vni':10}          | "mac" must be a host's address such as 02:00:00:00:00:05, not "02:00"
                    fdb.get        | {'mac':'03:00:00:00:00:05'}       | "mac" must be a host's address such as 02:00:00:00:00:05, not "03:00:00:00:00:05"
                    fdb.get        | {'mac':'02:00:00:00:00:05'}       | "vni" or "segment" must be given
                    fdb.del        | {'mac':'02:00:00:00:00:05','vni':10,'ifExists':'x'} | "ifExists" must be true or false, not "x"
                    fdb.add        | {'mac':'02:00:00:00:00:05','vni':10} | "kind" must be given
                    fdb.replace    | {'mac':'02:00:00:00:00:05','vni':10,'kind':'tap','port':'ovl-lan','state':'learned'} | "state" must be static, since only such entries can be added, not "learned"
                    fdb.flush      | {'all':2}                         | "all" must be true or false, not 2
                    neigh.show     | {'segment':7}                     | "segment" must be a string, not 7
                    neigh.flush    | {'mac':'x'}                       | unknown parameter "mac"
                    mtu            | {'underlayMtu':70000}             | "underlayMtu" must be a number from 0 to 65535, not 70000
                    """)
    void shouldSayWhatIsWrongWithAParameter(String method, String params, String message) {
        assertThatThrownBy(() -> call(method, params))
                .isInstanceOfSatisfying(
                        ControlException.class,
                        e -> {
                            assertThat(e.getMessage()).isEqualTo(message);
                            assertThat(e.exit()).isEqualTo(ExitCode.USAGE);
                            assertThat(e.code()).isEqualTo("invalid-params");
                        });
        assertThat(lab.segments.segments()).hasSize(1);
        assertThat(Objects.requireNonNull(lab.segments.segment("lan")).mtu()).isNull();
    }

    @Test
    void shouldTellOfLayer3PathsOnlyWhereThereIsSuchAnInterface() throws ControlException {
        PeerControl b = lab.peer(1, "b");
        lab.peer(2, "c");
        lab.segments.apply(SegmentUpdate.put(SegmentLab.member(b, "lan")));
        assertThat(modes("{'peer':'b'}")).containsExactly("l3", "compact");
        device.kind = DaemonStatus.NO_DEVICE;
        assertThat(modes("{'peer':'b'}")).containsExactly("compact");
        assertThat(modes("{}")).containsExactly("compact");
        assertThatThrownBy(() -> call("mtu", "{'peer':'c'}")).hasMessage("no path leads to c");
    }

    private List<Object> modes(String params) throws ControlException {
        List<Object> modes = new ArrayList<>();
        for (Object path : (List<?>) Objects.requireNonNull(call("mtu", params).get("paths"))) {
            modes.add(Objects.requireNonNull(((Map<?, ?>) path).get("mode")));
        }
        return modes;
    }

    @Test
    void shouldNotRepeatAKeyThatCameInTheWrongPlace() {
        String key = FakeDevice.publicKey(0x33).base64();
        assertThatThrownBy(() -> call("segments.set", "{'name':'lan','encap':'x" + key + "'}"))
                .hasMessage("\"encap\" must be wireguard or vxlan, not a key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    segments.show | {'name':'x'}                          | no segment x
                    segments.set  | {'name':'11'}                         | no segment
                    segments.del  | {'name':'x'}                          | no segment x
                    fdb.show      | {'segment':'x'}                       | no segment x
                    fdb.flush     | {'vni':11}                            | no segment
                    fdb.get       | {'mac':'02:00:00:00:00:05','vni':10}  | no entry
                    neigh.flush   | {'segment':'x'}                       | no segment x
                    mtu           | {'peer':'x'}                          | no path leads to x
                    """)
    void shouldTellWhatDoesNotExistFromWhatIsWrong(String method, String params, String message) {
        assertThatThrownBy(() -> call(method, params))
                .isInstanceOfSatisfying(
                        ControlException.class,
                        e -> assertThat(e.exit()).isEqualTo(ExitCode.NO_SUCH_OBJECT))
                .hasMessageContaining(message);
    }
}
