package vote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import common.Env;
import common.SettingException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxiesTest {
    private static boolean trusts(String setting, String address) {
        return Proxies.from(new Env(Map.of("TRUSTED_PROXIES", setting))).trusted().stream()
                .anyMatch(network -> network.contains(InetAddress.ofLiteral(address)));
    }

    @Test
    void nobodyIsTrustedByDefault() {
        assertEquals(List.of(), Proxies.from(new Env(Map.of())).trusted());
    }

    @Test
    void anAddressIsItselfOnly() {
        assertEquals(true, trusts("10.0.0.5", "10.0.0.5"));
        assertEquals(false, trusts("10.0.0.5", "10.0.0.4"));
        assertEquals(true, trusts("10.0.0.4, 10.0.0.5", "10.0.0.5"));
        assertEquals(true, trusts("::1", "::1"));
    }

    @Test
    void aNetworkEndsWhereItsBitsEnd() {
        assertEquals(true, trusts("172.16.0.0/12", "172.31.255.255"));
        assertEquals(false, trusts("172.16.0.0/12", "172.32.0.0"));
        assertEquals(true, trusts("10.0.0.0/31", "10.0.0.1"));
        assertEquals(false, trusts("10.0.0.0/31", "10.0.0.2"));
        assertEquals(true, trusts("0.0.0.0/0", "203.0.113.7"));
        assertEquals(false, trusts("0.0.0.0/0", "::1"));
        assertEquals(true, trusts("fd00::/8", "fdff::1"));
        assertEquals(false, trusts("fd00::/8", "fe80::1"));
    }

    @Test
    void anIPv4AddressInIPv6ClothesIsTheSame() {
        assertEquals(true, trusts("10.0.0.0/8", "::ffff:10.1.2.3"));
    }

    @Test
    void nonsenseIsRefused() {
        for (String bad :
                List.of("proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "10.0.0.1,,::1", "::/129")) {
            assertThrows(SettingException.class, () -> trusts(bad, "10.0.0.1"), bad);
        }
    }
}
