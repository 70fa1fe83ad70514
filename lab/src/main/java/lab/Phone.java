package lab;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/// How somebody in the room comes to the ballot: the address of this machine in its network, and a picture of it.
final class Phone {
    /// Networks of containers, virtual machines and tunnels, in which there are no phones.
    private static final String VIRTUAL = "(docker|br-|veth|virbr|vmnet|vboxnet|bridge|cni|tap|tun|utun|wg|zt).*";

    private static final String BLACK_ON_WHITE = "\u001b[30;107m";
    private static final String AS_BEFORE = "\u001b[0m";

    private Phone() {}

    /// This machine's IPv4 address in a private network, if it is in one.
    static Optional<String> host() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(Phone::isReal)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && address.isSiteLocalAddress())
                .map(address -> address.getHostAddress())
                .findFirst();
    }

    private static boolean isReal(NetworkInterface network) {
        try {
            return network.isUp()
                    && !network.isPointToPoint()
                    && !network.getName().matches(VIRTUAL);
        } catch (SocketException _) {
            return false; // it is just going away
        }
    }

    /// Whether somebody looks at what we print, and can see the blocks that a QR code is made of.
    static boolean canShowQrCode() {
        return System.console() != null
                && System.console().isTerminal()
                && Charset.forName(System.getProperty("stdout.encoding"))
                        .newEncoder()
                        .canEncode('▀');
    }

    /// A QR code for terminals, two rows in a line.
    static String qrCode(String text) {
        try {
            var medium = Map.of(EncodeHintType.ERROR_CORRECTION, ErrorCorrectionLevel.M);
            BitMatrix code = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, medium);
            var lines = new StringBuilder();
            for (int y = 0; y < code.getHeight(); y += 2) {
                lines.append(BLACK_ON_WHITE);
                for (int x = 0; x < code.getWidth(); x++) {
                    boolean isLowerBlack = y + 1 < code.getHeight() && code.get(x, y + 1);
                    lines.append(" ▀▄█".charAt((code.get(x, y) ? 1 : 0) + (isLowerBlack ? 2 : 0)));
                }
                lines.append(AS_BEFORE).append('\n');
            }
            return lines.toString();
        } catch (WriterException e) {
            throw new IllegalArgumentException("No QR code is large enough for " + text, e);
        }
    }
}
