package lab.browser;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import lab.stack.Await;
import lab.stack.Stack;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/// A headless Chromium, and what the tests want to know of the page in it.
final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Stack.root().resolve("lab", "target", "screenshots");
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");
    private static final boolean INSTALLED = installed();

    static {
        SELENIUM.setLevel(Level.SEVERE); // it warns of every Chromium that is newer than itself
    }

    private final ChromeDriver driver;

    private Browser(Map<String, Object> preferences) {
        var options = new ChromeOptions();
        options.setBinary(chromium().orElseThrow().toString());
        options.setExperimentalOption("prefs", preferences);
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // Chromium refuses to run as root, as in a container, with it
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--hide-scrollbars");
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").orElseThrow().toFile())
                .build();
        driver = new ChromeDriver(service, options);
        desktop();
    }

    static Browser start() {
        return new Browser(Map.of());
    }

    /// With text of twice the usual size, as its user's settings may ask for.
    static Browser withLargeText() {
        return new Browser(Map.of("webkit.webprefs.default_font_size", 32));
    }

    static Browser withoutJavaScript() {
        return new Browser(Map.of("profile.managed_default_content_settings.javascript", 2));
    }

    /// Whether the tests can run; where they cannot, one line says so.
    static boolean isInstalled() {
        return INSTALLED;
    }

    private static boolean installed() {
        boolean installed = chromium().isPresent() && onPath("chromedriver").isPresent();
        if (!installed) {
            System.out.println("SKIPPED: the browser tests, for chromium and chromedriver are not on the PATH.");
        }
        return installed;
    }

    private static Optional<Path> chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
                .flatMap(name -> onPath(name).stream())
                .findFirst();
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void desktop() {
        size(1280, 800, false);
    }

    void phone() {
        size(360, 740, true);
    }

    void size(int width, int height, boolean mobile) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    }

    /// Makes the browser prefer something, as its user's settings would: `prefers-color-scheme`, `dark`.
    void prefer(String feature, String value) {
        prefer(Map.of(feature, value));
    }

    /// The same for several, and for none of the others any more.
    void prefer(Map<String, String> features) {
        List<Map<String, String>> media = features.entrySet().stream()
                .map(feature -> Map.of("name", feature.getKey(), "value", feature.getValue()))
                .toList();
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", media));
    }

    /// Runs a script in each page before those of its own.
    void runFirst(String script) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    void open(URI address) {
        driver.get(address.toString());
    }

    /// Opens a page beside those that are open, and returns its name for [#turnTo].
    String openTab(URI address) {
        driver.switchTo().newWindow(WindowType.TAB);
        desktop();
        open(address);
        return driver.getWindowHandle();
    }

    String tab() {
        return driver.getWindowHandle();
    }

    void turnTo(String tab) {
        driver.switchTo().window(tab);
    }

    void closeOtherTabs(String kept) {
        for (String tab : driver.getWindowHandles()) {
            if (!tab.equals(kept)) {
                driver.switchTo().window(tab).close();
            }
        }
        turnTo(kept);
    }

    void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
    }

    /// Clicks twice, so many milliseconds apart, whatever the page does meanwhile.
    void clickTwice(String selector, int millisBetween) {
        new Actions(driver)
                .moveToElement(driver.findElement(By.cssSelector(selector)))
                .click()
                .pause(Duration.ofMillis(millisBetween))
                .click()
                .perform();
    }

    /// Types into whatever has the focus.
    void type(CharSequence keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /// Forgets who has voted here.
    void forgetCookies() {
        driver.manage().deleteAllCookies();
    }

    /// The value of a cookie that the page has set, or null.
    String cookie(String name) {
        Cookie cookie = driver.manage().getCookieNamed(name);
        return cookie == null ? null : cookie.getValue();
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /// Runs a script that calls `done` with its result.
    Object runAsync(String script) {
        return driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script);
    }

    /// The text of the first such element that is seen, or nothing.
    String text(String selector) {
        return texts(selector).stream().findFirst().orElse("");
    }

    /// The seen texts of all such elements.
    @SuppressWarnings("unchecked")
    List<String> texts(String selector) {
        return (List<String>) run("""
                return [...document.querySelectorAll(arguments[0])]
                    .filter(e => e.checkVisibility()).map(e => e.innerText.trim()).filter(text => text !== '')
                """, selector);
    }

    void awaitText(String selector, String text) {
        Await.until(selector + " shows \"" + text + "\"", () -> text(selector).contains(text));
    }

    void awaitNoText(String selector) {
        Await.until(selector + " shows nothing", () -> texts(selector).isEmpty());
    }

    void awaitTexts(String selector, String... texts) {
        Await.until(selector + " show " + List.of(texts), () -> texts(selector).equals(List.of(texts)));
    }

    /// Waits until nothing moves any more.
    void awaitRest() {
        Await.until("the page is at rest", () -> (Boolean) run("""
                return document.getAnimations().every(a => a.effect.getTiming().iterations === Infinity)
                """));
    }

    /// Keeps a picture for whoever wants to look.
    void screenshot(String name) {
        awaitRest();
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What axe-core finds wrong with the page, a line each: by all of its rules, which are more than those of WCAG 2,
    /// levels A and AA.
    @SuppressWarnings("unchecked")
    List<String> barriers() {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (List<String>) runAsync("""
                axe.run().then(found => done(found.violations.map(violation =>
                    violation.id + ": " + violation.help + " at " + violation.nodes.map(node => node.html).join(" "))));
                """);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
