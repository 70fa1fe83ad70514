package common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static final String PORT = new Env(Map.of("RESULT_URL", "5001")).page("RESULT_URL");

    private static Request to(String host) {
        var headers = new Headers();
        if (host != null) {
            headers.set("Host", host);
        }
        return new Request(headers, null, new byte[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:5000, //localhost:5001/",
        "vote.example.org, //vote.example.org:5001/",
        "192.168.1.17:, //192.168.1.17:5001/",
        "[::1]:5000, //[::1]:5001/",
        "[fe80::1], //[fe80::1]:5001/",
        "my_host:80, //my_host:5001/",
    })
    void aPortIsOnTheHostThatThisPageWasAskedBy(String host, String address) {
        assertEquals(address, to(host).addressOf(PORT));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ":80",
                "a b",
                "evil@example.org",
                "example.org/path",
                "\"><script>",
                "[::1",
                "::1",
                "a:b:c",
                "ä.example.org",
                "\\\\example.org",
                "a?b",
                "a#b",
                "example.org:80:"
            })
    void aHostThatIsNoneLeadsNowhere(String host) {
        assertEquals(".", to(host).addressOf(PORT));
    }

    @Test
    void aUrlIsWhereItSaysWhateverTheHost() {
        String url = "https://vote.example.org/a";
        String page = new Env(Map.of("RESULT_URL", url)).page("RESULT_URL");
        assertEquals(url, to("localhost").addressOf(page));
        assertEquals(url, to(null).addressOf(page));
        assertEquals(".", to("localhost").addressOf(new Env(Map.of()).page("RESULT_URL")), "nobody has said where");
    }

    @Test
    void aPortMayHaveAnAddressBeforeItAsDockerPublishesIt() {
        assertEquals(PORT, new Env(Map.of("RESULT_URL", "127.0.0.1:5001")).page("RESULT_URL"));
    }
}
