package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl show}. */
@Command(
        name = "show",
        description = "Shows interfaces and peers as wg(8) does.",
        footer = {
            "",
            "FIELD is public-key, private-key, listen-port, fwmark, peers, preshared-keys,",
            "endpoints, allowed-ips, latest-handshakes (or handshakes), transfer,",
            "persistent-keepalive or dump: values between tabs, for scripts.",
            "WG_COLOR_MODE, NO_COLOR and WG_HIDE_KEYS are honoured."
        })
final class ShowCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "IFACE",
            description = "an interface, all (which is also meant by none), or interfaces")
    private @Nullable String interfaceName;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FIELD",
            description = "show only this, for a program")
    private @Nullable String fieldName;

    ShowCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        GlobalOptions options = context.options();
        if ("interfaces".equals(interfaceName)) {
            return showInterfaces();
        }
        WgField field = fieldName == null ? null : WgField.parse(fieldName);
        if (fieldName != null && field == null) {
            throw new ControlException(
                    ExitCode.USAGE, "usage", "no such field: see ovlctl show --help");
        }
        boolean hidesKeys = !"never".equals(context.terminal().environment().get("WG_HIDE_KEYS"));
        boolean needsSecrets = field != null ? field.isSecret() : !hidesKeys;
        List<DeviceReport> devices = new ArrayList<>();
        ControlException failure = null;
        for (Path socket : context.daemons().sockets(interfaceName)) {
            try {
                devices.add(device(socket, needsSecrets));
            } catch (ControlException e) {
                // One daemon that has died must not hide the others.
                failure = e;
            }
        }
        if (options.isQuiet) {
            return failure == null ? ExitCode.OK : failure.exit();
        }
        if (options.isJson) {
            context.printJson("interfaces", devices.stream().map(DeviceReport::toJson).toList());
        } else if (field != null) {
            boolean isNamed = "all".equals(interfaceName);
            devices.forEach(device -> field.print(device, isNamed, context.terminal().out()));
        } else {
            print(devices, hidesKeys);
        }
        return failure == null ? ExitCode.OK : context.fail(failure);
    }

    private DeviceReport device(Path socket, boolean needsSecrets) throws ControlException {
        try (ControlClient client = ControlClient.connect(socket, context.options().timeout)) {
            return DeviceReport.fromJson(
                    client.call("device.show", Map.of("secrets", needsSecrets)));
        }
    }

    private int showInterfaces() throws ControlException {
        List<String> names = context.daemons().names(Daemons.SOCKET_SUFFIX);
        if (context.options().isJson) {
            context.printJson("interfaces", names);
        } else if (!names.isEmpty()) {
            context.terminal().out().println(String.join(" ", names));
        }
        return ExitCode.OK;
    }

    private void print(List<DeviceReport> devices, boolean hidesKeys) {
        Terminal terminal = context.terminal();
        SgrText sgr = new SgrText(terminal.isColored(context.options()));
        WgText text = new WgText(terminal.out(), sgr, hidesKeys, Clock.systemUTC());
        for (int i = 0; i < devices.size(); i++) {
            if (i > 0) {
                terminal.out().println();
            }
            text.print(devices.get(i));
        }
    }
}
