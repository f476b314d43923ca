package io.text2video.standalone.quality;

import java.io.PrintWriter;
import java.util.Locale;

/** A report for people. */
public record QualityTable(QualityReport report) {
    /** Prints it. */
    public void print(PrintWriter out) {
        line(
                out,
                "%s, %d prompts, against %s: %.3f s a generation",
                report.model(),
                report.prompts(),
                report.baseline(),
                report.baselineSeconds());
        line(out, "");
        line(out, "PSNR dB  least   SSIM    least   same  seconds  speed-up");
        for (VariantResult variant : report.variants()) {
            line(
                    out,
                    "%7s %6s  %.4f  %.4f  %4d  %7.3f  %7.2fx  %s",
                    decibels(variant.meanPsnr()),
                    decibels(variant.minPsnr()),
                    variant.meanSsim(),
                    variant.minSsim(),
                    variant.identical(),
                    variant.seconds(),
                    variant.speedup(),
                    variant.variant());
        }
        out.flush();
    }

    private static String decibels(Double psnr) {
        return psnr == null ? "-" : String.format(Locale.ROOT, "%.2f", psnr);
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
