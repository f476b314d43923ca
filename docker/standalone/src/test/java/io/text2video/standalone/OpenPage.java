package io.text2video.standalone;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Locator.FilterOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;

/** The gateway's page, open in a tab, with the words for what people do there. */
record OpenPage(Page tab) {
    /** Fills the form and sends it. */
    void make(String prompt, Map<String, String> values) {
        prompt().fill(prompt);
        values.forEach((field, value) -> tab.locator(field).fill(value));
        prompt().press("Control+Enter");
    }

    /**
     * Chooses the largest video that the tiny model draws, in so many steps that it is under way for long on a fast machine too,
     * and not refused for the hours that it would take on a slow one.
     */
    void chooseLong() {
        find("#size").selectOption("custom");
        find("#width").fill("128");
        find("#height").fill("128");
        find("#length").selectOption("65");
        find("#steps").fill("300");
    }

    Locator prompt() {
        return find("#prompt");
    }

    Locator find(String selector) {
        return tab.locator(selector);
    }

    Locator button(String name) {
        return tab.getByRole(
                AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
    }

    /** The newest job whose prompt, or whatever else its card says, has these words. */
    Locator card(String words) {
        return find(".card").filter(new FilterOptions().setHasText(words)).first();
    }

    /** A button of that card. */
    Locator action(String words, String name) {
        return card(words)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    void awaitFrames(int least) {
        tab.waitForFunction(
                "least => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames >= least", least);
    }

    /** Waits until a running job is further than that. */
    void awaitProgress(int percent) {
        tab.waitForFunction("percent => document.querySelector('.card progress')?.value > percent", percent);
    }

    int progress() {
        return ((Number) find(".card progress").first().evaluate("bar => bar.value")).intValue();
    }

    String clipboard() {
        return (String) tab.evaluate("navigator.clipboard.readText()");
    }
}
