package io.text2video.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Locator.FilterOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.WaitForFunctionOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.text2video.common.job.JobId;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page at {@code /} as people meet it: in a browser, before a fleet that draws. */
@TestMethodOrder(OrderAnnotation.class)
@Timeout(300)
class PageIT {
    private static final NewContextOptions DESKTOP = new NewContextOptions().setViewportSize(1360, 900);
    private static final NewContextOptions PHONE =
            new NewContextOptions().setViewportSize(390, 844).setHasTouch(true);
    /** As many as the list hands out at once, by the page's own wish. */
    private static final int LISTED_AT_ONCE = 48;

    /** What a browser may do by its standard: it hands over what was observed when it comes to it. */
    private static final String BUSY_OBSERVERS =
            """
            window.IntersectionObserver = class extends IntersectionObserver {
              constructor(callback, options) {
                let waiting = [];
                super((entries, observer) => {
                  if (waiting.length === 0) {
                    setTimeout(() => callback(waiting.splice(0), observer), 300);
                  }
                  waiting.push(...entries);
                }, options);
              }
            };""";

    @TempDir
    static Path data;

    private static BrowsedFleet fleet;

    private BrowserContext person;
    private OpenPage page;

    @BeforeAll
    static void start() throws Exception {
        fleet = BrowsedFleet.start(Map.of(), data);
    }

    @AfterAll
    static void stop() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
    }

    @BeforeEach
    void open() {
        open(DESKTOP);
    }

    private void open(NewContextOptions options) {
        person = fleet.chromium().person(options);
        page = tab();
    }

    private OpenPage tab() {
        Page tab = person.newPage();
        tab.navigate(fleet.gateway());
        return new OpenPage(tab);
    }

    /** A breach of the content security policy is among them. */
    @AfterEach
    void shouldHaveNothingToComplainOf() {
        person.close();
        assertThat(fleet.chromium().complaints()).isEmpty();
    }

    @Test
    @Order(1)
    void shouldInviteWhereThereIsNoVideoYet() {
        assertThat(page.tab()).hasTitle("Text2Video Fleet");
        assertThat(page.find("#empty")).isVisible();
        assertThat(page.find("#connection")).hasText("Live");
        assertThat(page.tab().request().get(fleet.gateway() + "/favicon.svg").ok())
                .isTrue();
        Chromium.assertAccessible(page.tab());

        page.button("a red ball moving left on a black background").click();

        assertThat(page.prompt()).hasValue("a red ball moving left on a black background");
        assertThat(page.prompt()).isFocused();
    }

    @Test
    void shouldMakeAVideoAndPlayIt() {
        // When somebody asks for one
        page.make("a red ball moving left on a black background", Map.of("#seed", "9007199254740993"));

        // Then it comes with its poster, and without a player
        Locator card = page.card("a red ball moving left");
        Locator play =
                card.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("^Play")));
        assertThat(play.locator("img")).isVisible();
        assertThat(page.find("video")).hasCount(0);
        assertThat(card.locator("[data-action=download]"))
                .hasAttribute("href", Pattern.compile("/v1/videos/[-0-9a-f]{36}/content$"));

        // And it plays when it is wanted: its frames, for as long as they take
        play.click();
        page.awaitFrames(5);
        Locator video = page.find("video");
        assertThat((double) video.evaluate("video => video.duration")).isBetween(2.0, 2.25);
        assertThat(video.evaluate("video => [video.videoWidth, video.videoHeight, video.loop]"))
                .isEqualTo(List.of(64, 64, true));
        assertThat(page.find("#player dl")).containsText("9007199254740993");
        Chromium.assertAccessible(page.tab());
        page.tab().getByLabel("Loop").uncheck();
        page.tab().waitForFunction("() => document.querySelector('video').ended");

        // And is let go
        page.tab().keyboard().press("Escape");
        assertThat(video).hasCount(0);
        assertThat(play).isFocused();
    }

    @Test
    void shouldKeepWhatEventsToldWhereTheAnswerComesAfterThem() {
        // Given an answer that takes longer than the video
        List<Runnable> answers = heldAnswers();
        page.make("a ball that overtakes", Map.of("#steps", "1"));
        Locator card = page.card("a ball that overtakes");
        assertThat(card).hasAttribute("data-status", "completed");

        // When it comes
        answers.forEach(Runnable::run);

        // Then it changes nothing
        assertThat(page.find("#toast")).hasText("On its way");
        page.tab().evaluate("new Promise(requestAnimationFrame)");
        assertThat(card).hasAttribute("data-status", "completed");
    }

    @Test
    void shouldNotBringBackADeletedJobWhereTheAnswerComesAfterThat() throws Exception {
        // Given a job that is gone before its maker is answered
        List<Runnable> answers = heldAnswers();
        page.make("a ball that is gone", Map.of("#steps", "1"));
        Locator card = page.card("a ball that is gone");
        assertThat(card).hasAttribute("data-status", "completed");
        fleet.client().delete(card.getAttribute("data-id"));
        assertThat(card).hasCount(0);

        // When the answer comes
        answers.forEach(Runnable::run);

        // Then it stays so
        assertThat(page.find("#toast")).hasText("On its way");
        page.tab().evaluate("new Promise(requestAnimationFrame)");
        assertThat(card).hasCount(0);
    }

    @Test
    void shouldKeepWhatIsChosenWhileARequestIsUnderWay() throws Exception {
        // Given a request that takes long
        create("a ball to remix");
        List<Runnable> answers = heldAnswers();
        page.make("a ball under way", Map.of("#steps", "1"));
        page.tab().waitForCondition(() -> !answers.isEmpty());

        // When somebody chooses another job meanwhile
        page.action("a ball to remix", "Remix").click();
        answers.forEach(Runnable::run);

        // Then that stays chosen
        assertThat(page.find("#toast")).hasText("On its way");
        assertThat(page.find("#source-note")).containsText("a ball to remix");
        assertThat(page.find("#source-note")).isVisible();
    }

    /** Those to requests for videos, each of which comes when it is run. */
    private List<Runnable> heldAnswers() {
        var answers = new ArrayList<Runnable>();
        page.tab().route("**/v1/videos", route -> {
            APIResponse answer = route.fetch();
            answers.add(() -> route.fulfill(new FulfillOptions().setResponse(answer)));
        });
        return answers;
    }

    @Test
    void shouldShowOneJobInTwoTabsAndOverAReload() {
        page.chooseLong();
        page.make("a blue ball that takes long", Map.of());
        assertThat(page.card("takes long").locator(".detail")).containsText(Pattern.compile("step [1-9]\\d* of 300"));

        // When the page is loaded again in the middle of the job, and another one is opened
        int before = page.progress();
        page.tab().reload();
        OpenPage other = tab();

        // Then it goes on in both
        page.awaitProgress(before);
        other.awaitProgress(before);

        // And who cancels it in one has cancelled it in both
        other.action("takes long", "Cancel").click();
        for (OpenPage each : List.of(page, other)) {
            assertThat(each.card("takes long").locator(".headline")).hasText("Cancelled");
        }
    }

    @Test
    void shouldSayInWordsWhatIsWrongAndWhatWouldBeRight() {
        // Given a width that the model cannot draw: the nearest that it can are offered
        page.find("#size").selectOption("custom");
        page.find("#width").fill("70");
        assertThat(page.find("#size-hint")).containsText("70 is not a multiple of 16; nearest: 64 or 80");
        page.make("a ball that is refused", Map.of());
        assertThat(page.find("#composer .error:visible").first()).containsText("the nearest are 64 and 80");
        page.button("80").click();

        // When something else is wrong
        page.make("a ball that is refused", Map.of("#steps", "5000"));

        // Then the gateway's words are at the field, which has the focus
        Locator steps = page.find("#steps");
        assertThat(steps).isFocused();
        assertThat(steps).hasAttribute("aria-invalid", "true");
        assertThat(page.find("#steps-error")).containsText("1000, not 5000");
        Chromium.assertAccessible(page.tab());

        // And gone once it is right
        steps.fill("1");
        assertThat(page.find("#steps-error")).isHidden();
        page.find("#submit").click();
        assertThat(page.card("a ball that is refused").locator(".facts")).containsText("80 × 64");
    }

    @Test
    void shouldBeUsedByTheKeyboardAlone() {
        page.tab().keyboard().press("Tab");
        assertThat(page.find(".skip")).isFocused();
        page.tab().keyboard().press("Tab");
        assertThat(page.prompt()).isFocused();
        page.tab().keyboard().type("a ball by keyboard");
        page.tab().keyboard().press("Control+Enter");
        Locator card = page.card("a ball by keyboard");
        assertThat(card).isVisible();
        // With all its buttons, five of which come before the one that is looked for.
        assertThat(card.locator(".poster img")).isVisible();

        // When the first card's buttons are gone to
        page.find(".skip").focus();
        page.tab().keyboard().press("Enter");
        Locator code = page.action("a ball by keyboard", "Code");
        for (int i = 0; i < 6 && !(boolean) code.evaluate("button => button === document.activeElement"); i++) {
            page.tab().keyboard().press("Tab");
        }
        page.tab().keyboard().press("Enter");

        // Then they do what they say, and give the focus back
        assertThat(page.find("#code")).isVisible();
        Chromium.assertAccessible(page.tab());
        page.tab().keyboard().press("Escape");
        assertThat(code).isFocused();
    }

    @Test
    void shouldRemixAJob() throws Exception {
        String id = fleet.client()
                .create(Map.of("prompt", "it's a \"ball\"", "num_inference_steps", 3, "seed", 5))
                .path("id")
                .asText();
        page.action("it's a", "Remix").click();
        assertThat(page.prompt()).hasValue("it's a \"ball\"");

        page.make("a remixed square", Map.of());

        String remix = page.card("a remixed square").getAttribute("data-id");
        assertThat(fleet.client().get(remix).path("remixed_from_video_id").asText())
                .isEqualTo(id);
        assertThat(page.find("#source-note")).isHidden();
    }

    @Test
    void shouldShowAsCodeWhatMakesTheSameVideo() throws Exception {
        person.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.make("it's one ball", Map.of("#steps", "2", "#seed", "9007199254740995"));
        page.action("it's one ball", "Code").click();

        page.button("Copy as curl").click();
        assertThat(page.find("#toast")).hasText("Copied");
        Process curl = new ProcessBuilder("bash", "-c", page.clipboard() + " -s").start();

        assertThat(new String(curl.getInputStream().readAllBytes(), UTF_8)).contains("\"queued\"", "9007199254740995");
        page.button("Copy as OpenAI client").click();
        assertThat(page.find("#toast")).hasText("Copied");
        // Which it still says of the one before.
        page.tab().waitForCondition(() -> page.clipboard().contains("openai"));
        assertThat(page.clipboard())
                .contains(
                        "client.videos.create_and_poll(",
                        "    prompt=\"it's one ball\",",
                        "\"seed\": 9007199254740995");
    }

    /** Asks for a video not by the page. */
    private static String create(String prompt) throws Exception {
        return fleet.client()
                .create(Map.of("prompt", prompt, "num_inference_steps", 1))
                .path("id")
                .asText();
    }

    @Test
    void shouldAskForAKeyWhereTheGatewayWantsOne() throws Exception {
        // Given a gateway that answers nobody without a key, and a video
        String id = create("a secret ball");
        page.tab().route("**/v1/**", route -> {
            if ("Bearer right".equals(route.request().headerValue("authorization"))) {
                route.resume();
            } else {
                route.fulfill(new FulfillOptions().setStatus(401).setBody("{}"));
            }
        });
        page.tab().reload();

        // When the wrong one is given, then the right one
        Locator key = page.find("#key-input");
        key.fill("wrong");
        key.press("Enter");
        assertThat(page.find("#key-words")).containsText("not known here");
        Chromium.assertAccessible(page.tab());
        key.fill("right");
        key.press("Enter");

        // Then all goes with it: list, events, posters and videos
        assertThat(page.find("#connection")).hasText("Live");
        Locator play = page.find(".card[data-id='" + id + "'] .poster");
        assertThat(play.locator("img")).isVisible();
        play.click();
        page.awaitFrames(1);
        assertThat(page.find("video")).hasAttribute("src", Pattern.compile("^blob:"));
    }

    @Test
    void shouldListAgainOnceTheGatewayAnswers() throws Exception {
        // Given a video, and a page whose gateway does not answer
        String id = create("a patient ball");
        page.tab().route("**/v1/**", Route::abort);
        page.tab().reload();
        assertThat(page.find("#list-error")).hasText("The gateway does not answer. Is it running?");
        assertThat(page.find("#connection")).hasText("Reconnecting");

        // When it does
        page.tab().unroute("**/v1/**");

        // Then nobody has to ask for the list
        assertThat(page.find(".card[data-id='" + id + "']")).isVisible();
        assertThat(page.find("#list-error")).isHidden();
    }

    @Test
    void shouldTakeAnImageForAModelThatStartsFromOne() throws Exception {
        // Given another model
        String models = page.tab().request().get(fleet.gateway() + "/v1/models").text();
        page.tab()
                .route(
                        "**/v1/models",
                        route -> route.fulfill(new FulfillOptions()
                                .setContentType("application/json")
                                .setBody(models.replace("\"image_required\":false", "\"image_required\":true"))));
        page.tab().reload();

        // When it is given an image
        assertThat(page.find("#image-field")).isVisible();
        page.find("#image").setInputFiles(new FilePayload("ball.png", "image/png", png()));
        assertThat(page.tab().getByAltText("The image to start from")).isVisible();
        page.prompt().fill("the ball begins to roll");
        var request = page.tab()
                .waitForRequest("**/v1/videos", () -> page.find("#submit").click());

        // Then it goes with the request; this gateway's own model does not want one, and says so
        assertThat(request.headerValue("content-type")).startsWith("multipart/form-data");
        assertThat(page.find("#image-field .error")).containsText("image");
    }

    private static byte[] png() throws Exception {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toByteArray();
    }

    @Test
    void shouldFitAPhoneAtNight() throws Exception {
        person.close();
        open(PHONE.setColorScheme(ColorScheme.DARK));
        create("a ball by phone");
        assertThat(page.card("a ball by phone").locator(".poster img")).isVisible();

        assertThat((int) page.tab().evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(390);
        assertThat(page.tab().evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(18, 19, 23)");
        Chromium.assertAccessible(page.tab());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void shouldListFiveHundredJobsWithoutLoadingWhatIsNotSeen() throws Exception {
        // Given as many
        List<JobId> ids = IntStream.range(0, 500).mapToObj(i -> JobId.next()).toList();
        try (var others = new FedJobs(fleet.launched().awaitAddress("kafka"))) {
            JobId running = ids.get(250);
            for (JobId id : ids) {
                if (id == running) {
                    others.started(id, "a fed ball", Instant.now());
                } else {
                    others.completed(id, "a fed ball", Instant.now());
                }
            }
            others.flush();
            fleet.client().get(ids.get(499).toString());
            // And a browser that is busy, and so tells the page of several changes at once
            page.tab().addInitScript(BUSY_OBSERVERS);
            page.tab().reload();
            assertThat(page.find(".card")).hasCount(LISTED_AT_ONCE);

            // When all are scrolled through
            page.tab()
                    .waitForFunction(
                            """
                    () => {
                      scrollTo(0, document.body.scrollHeight);
                      return document.getElementById('more').hidden || !document.getElementById('list-error').hidden;
                    }""",
                            null,
                            new WaitForFunctionOptions().setPollingInterval(200));
            assertThat(page.find("#list-error")).isHidden();

            // Then all are there, without a player
            assertThat(page.find(".card").filter(new FilterOptions().setHasText("a fed ball")))
                    .hasCount(500);
            assertThat(page.find("video")).hasCount(0);

            // And what is told of one changes that one alone, once no other is under way
            assertThat(page.find("#counts")).hasText("1 in progress");
            page.tab()
                    .evaluate(
                            """
                    () => {
                      window.changed = new Set();
                      new MutationObserver((changes) => changes.forEach(({ target }) =>
                        window.changed.add((target.closest ? target : target.parentElement).closest('.card').dataset.id)))
                        .observe(document.getElementById('jobs'), { subtree: true, characterData: true, childList: true });
                    }""");
            others.completed(running, "a fed ball", Instant.now());
            others.flush();
            assertThat(page.find("[data-id='" + running + "'] .poster")).isVisible();
            assertThat(page.tab().evaluate("[...window.changed]")).isEqualTo(List.of(running.toString()));
        }
    }
}
