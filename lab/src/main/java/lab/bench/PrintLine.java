package lab.bench;

/// The ceiling of every start: a JVM that prints a line.
public final class PrintLine {
    private PrintLine() {}

    static void main() {
        System.out.println("started");
    }
}
