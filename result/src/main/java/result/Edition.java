package result;

import common.Response;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;

/// A standing as it goes out. Its version and its bytes are made once, however many people they are for.
///
/// @param version a digest of all that is shown: the same on every replica and after a restart
/// @param outdated opens when the next edition is out
record Edition(Standing standing, String version, Response json, CountDownLatch outdated) {
    static Edition of(Standing standing) {
        var content = standing.toJson();
        var crc = new CRC32();
        crc.update(content.toString().getBytes(StandardCharsets.UTF_8));
        String version = HexFormat.of().toHexDigits((int) crc.getValue());
        content.put("version", version);
        return new Edition(
                standing, version, Response.json(200, content.toString()).tagged(), new CountDownLatch(1));
    }
}
