package vote;

import common.Env;
import common.Request;
import common.SettingException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// The proxies whose word about a client's address is believed: `TRUSTED_PROXIES=10.0.0.5,172.16.0.0/12`. By default
/// there are none.
record Proxies(List<Network> trusted) {
    private static final String SETTING = "TRUSTED_PROXIES";

    /// The addresses that share their first `bits` bits with this one.
    record Network(byte[] address, int bits) {
        static Network of(String text) {
            String[] parts = text.strip().split("/", 2);
            byte[] address = Env.address(SETTING, parts[0]).getAddress();
            int all = address.length * 8;
            if (parts.length == 1) {
                return new Network(address, all);
            }
            if (!parts[1].matches("[0-9]{1,3}") || Integer.parseInt(parts[1]) > all) {
                throw new SettingException(SETTING, "must have 0 to " + all + " after the / in \"" + text + "\".");
            }
            return new Network(address, Integer.parseInt(parts[1]));
        }

        boolean contains(InetAddress other) {
            byte[] bytes = other.getAddress();
            if (bytes.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((bytes[bit / 8] ^ address[bit / 8]) & (0x80 >> bit % 8)) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    static Proxies from(Env env) {
        String[] networks = env.has(SETTING) ? env.text("TRUSTED_PROXIES", null).split(",", -1) : new String[0];
        return new Proxies(Arrays.stream(networks).map(Network::of).toList());
    }

    /// Who asks: whoever is at the other end of the connection, or, if that is one of these proxies, whom it added at
    /// the end of `X-Forwarded-For`. What stands before that came from outside, and anybody can write it.
    InetAddress client(Request request) {
        InetAddress peer = request.peer();
        String forwarded = request.lastHeader("X-Forwarded-For");
        if (forwarded == null || trusted.stream().noneMatch(network -> network.contains(peer))) {
            return peer;
        }
        try {
            return InetAddress.ofLiteral(
                    forwarded.substring(forwarded.lastIndexOf(',') + 1).strip());
        } catch (IllegalArgumentException _) {
            return peer;
        }
    }
}
