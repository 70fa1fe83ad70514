package common;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// What people can vote for: 2 to 26 labels, keyed `a`, `b`, `c` … in their order. Both pages read the same
/// settings: `OPTIONS=Cats,Dogs,Birds`, or `OPTION_A` and `OPTION_B` for two.
///
/// @param question what `QUESTION` asks, or empty
public record Options(String question, List<Option> list) {
    public record Option(String key, String label) {}

    public static Options from(Env env) {
        String question = env.text("QUESTION", "");
        SettingException.unless(question.length() <= 200, "QUESTION", "must have 1 to 200 characters.");
        if (!env.has("OPTIONS")) {
            return new Options(question, list("OPTION_A", env.text("OPTION_A", "Cats"), env.text("OPTION_B", "Dogs")));
        }
        boolean inOneWay = !env.has("OPTION_A") && !env.has("OPTION_B");
        SettingException.unless(
                inOneWay, "OPTIONS", "is set beside OPTION_A or OPTION_B: keep one way to name the options.");
        return new Options(question, list("OPTIONS", env.text("OPTIONS", null).split(",", -1)));
    }

    private static List<Option> list(String setting, String... labels) {
        boolean enough = labels.length >= 2 && labels.length <= 26;
        String many = "must name 2 to 26 options separated by commas, not " + labels.length + ".";
        SettingException.unless(enough, setting, many);
        List<Option> list = new ArrayList<>();
        var seen = new HashSet<String>();
        for (String label : labels) {
            String stripped = label.strip();
            boolean fits = !stripped.isEmpty() && stripped.length() <= 100;
            SettingException.unless(fits, setting, "must give every option a label of 1 to 100 characters.");
            SettingException.unless(seen.add(stripped), setting, "names \"" + stripped + "\" twice.");
            list.add(new Option(Character.toString('a' + list.size()), stripped));
        }
        return list;
    }

    /// The option with exactly this key, or null.
    public Option find(String key) {
        int index = key.length() == 1 ? key.charAt(0) - 'a' : -1;
        return index >= 0 && index < list.size() ? list.get(index) : null;
    }

    /// The pages' heading: the question, or `Cats vs Dogs`; of more than four the first three and how many follow.
    public String title() {
        if (!question.isEmpty()) {
            return question;
        }
        int named = list.size() <= 4 ? list.size() : 3;
        String names = String.join(
                " vs ", list.stream().limit(named).map(Option::label).toList());
        return named == list.size() ? names : names + " and " + (list.size() - named) + " more";
    }
}
