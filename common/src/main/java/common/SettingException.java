package common;

/// A setting that makes no sense. The message is one sentence for whoever started the service; it names the setting.
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SettingException(String name, String problem) {
        super(name + " " + problem);
    }

    static void unless(boolean right, String name, String problem) {
        if (!right) {
            throw new SettingException(name, problem);
        }
    }

    static void mustBe(boolean right, String name, String what, String text) {
        unless(right, name, "must be " + what + ", not \"" + text + "\".");
    }
}
