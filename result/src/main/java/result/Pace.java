package result;

import org.json.JSONArray;
import org.json.JSONObject;

/// How many votes were stored in each of the last seconds: the line that the page draws.
final class Pace {
    static final int SECONDS = 180;

    /// A ring: the second `s` is at `s % SECONDS`.
    private final long[] votes = new long[SECONDS];

    private long newest;
    private long stored = -1;

    /// Notes how many had been stored altogether at that second.
    synchronized void note(long storedNow, long second) {
        moveTo(second);
        if (stored >= 0 && storedNow > stored) {
            votes[(int) (second % SECONDS)] += storedNow - stored;
        }
        stored = storedNow;
    }

    /// The votes of each second up to this one, oldest first, and the number stored up to which they are counted.
    synchronized JSONObject toJson(long second) {
        moveTo(second);
        long[] oldestFirst = new long[SECONDS];
        for (int i = 0; i < SECONDS; i++) {
            oldestFirst[i] = votes[(int) ((second + 1 + i) % SECONDS)];
        }
        return new JSONObject().put("stored", Math.max(0, stored)).put("votes_a_second", new JSONArray(oldestFirst));
    }

    private void moveTo(long second) {
        for (long s = Math.max(newest + 1, second - SECONDS + 1); s <= second; s++) {
            votes[(int) (s % SECONDS)] = 0;
        }
        newest = Math.max(newest, second);
    }
}
