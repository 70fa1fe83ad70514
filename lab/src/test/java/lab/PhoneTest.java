package lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneTest {
    private static final int MODULE = 4; // pixels

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1:5000",
                "http://192.168.178.134:50001",
                "https://vote.example.org/in/a/very/long/way/to/the/ballot?of=the+second+day"
            })
    void aReaderReadsTheQrCodeFromTheTerminal(String address) throws Exception {
        List<String> lines = Phone.qrCode(address)
                .lines()
                .map(line -> line.replaceAll("\u001b\\[[0-9;]*m", ""))
                .toList();
        int width = lines.getFirst().length();
        int[] pixels = new int[width * MODULE * lines.size() * 2 * MODULE];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % (width * MODULE) / MODULE;
            int y = i / (width * MODULE) / MODULE;
            String black = y % 2 == 0 ? "▀█" : "▄█";
            pixels[i] = black.indexOf(lines.get(y / 2).charAt(x)) < 0 ? 0xffffff : 0;
        }
        var picture = new RGBLuminanceSource(width * MODULE, lines.size() * 2 * MODULE, pixels);
        var read = new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(picture)));
        assertEquals(address, read.getText());
    }

    @Test
    void theAddressIsOneOfAPrivateNetwork() throws Exception {
        var host = Phone.host(); // there may be none
        assertTrue(host.isEmpty() || InetAddress.ofLiteral(host.get()).isSiteLocalAddress(), host.toString());
    }
}
