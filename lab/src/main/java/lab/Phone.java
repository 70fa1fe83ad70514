package lab;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.QRCodeWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import org.apache.commons.lang3.function.Failable;

/// How somebody in the room comes to the ballot: the address of this machine in its network, and a picture of it.
final class Phone {
    /// Networks of containers, virtual machines and tunnels, in which there are no phones.
    private static final String VIRTUAL = "(docker|br-|veth|virbr|vmnet|vboxnet|bridge|cni|tap|tun|utun|wg|zt).*";

    private static final String BLACK_ON_WHITE = "\u001b[30;107m";
    private static final String AS_BEFORE = "\u001b[0m\n";

    private Phone() {}

    /// This machine's IPv4 address in a private network, if it is in one.
    static Optional<String> host() throws SocketException {
        return Failable.stream(NetworkInterface.networkInterfaces())
                .filter(each ->
                        each.isUp() && !each.isPointToPoint() && !each.getName().matches(VIRTUAL))
                .stream()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && each.isSiteLocalAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }

    /// Whether somebody looks at what we print, and can see the blocks that a QR code is made of.
    static boolean canShowQrCode() {
        return System.console() != null
                && System.console().isTerminal()
                && System.out.charset().newEncoder().canEncode('▀');
    }

    /// A QR code for terminals, two rows in a line.
    static String qrCode(String text) throws WriterException {
        var code = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0);
        var lines = new StringBuilder();
        for (int y = 0; y + 1 < code.getHeight(); y += 2) { // without the last row of the white margin: they are odd
            lines.append(BLACK_ON_WHITE);
            for (int x = 0; x < code.getWidth(); x++) {
                lines.append(" ▀▄█".charAt((code.get(x, y) ? 1 : 0) + (code.get(x, y + 1) ? 2 : 0)));
            }
            lines.append(AS_BEFORE);
        }
        return lines.toString();
    }
}
