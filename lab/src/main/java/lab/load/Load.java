package lab.load;

import org.json.JSONObject;

/// What to ask of a server: which requests, over how many connections, how fast and how long.
///
/// @param request what [Requests#of] understands
/// @param rate requests a second, sent on schedule whatever the server does; or 0: each connection sends again as
///     soon as it has its answer, as fast as the server allows
/// @param warmupSeconds at the same load beforehand, not counted
public record Load(int port, String request, int connections, int rate, double warmupSeconds, double seconds) {
    public boolean isOpen() {
        return rate > 0;
    }

    String toJson() {
        return new JSONObject(this).toString();
    }

    static Load fromJson(String text) {
        var json = new JSONObject(text);
        return new Load(
                json.getInt("port"),
                json.getString("request"),
                json.getInt("connections"),
                json.getInt("rate"),
                json.getDouble("warmupSeconds"),
                json.getDouble("seconds"));
    }
}
