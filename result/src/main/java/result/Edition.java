package result;

import common.Response;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/// A standing as it goes out. Its version and its bytes are made once, however many people they are for.
///
/// @param version a digest of all that is shown: the same on every replica and after a restart
/// @param outdated opens when the next edition is out
record Edition(Standing standing, String version, Response json, CountDownLatch outdated) {
    static Edition of(Standing standing) {
        var content = standing.toJson();
        String version = Response.digest(content.toString().getBytes(StandardCharsets.UTF_8));
        content.put("version", version);
        return new Edition(
                standing, version, Response.json(200, content.toString()).tagged(), new CountDownLatch(1));
    }
}
