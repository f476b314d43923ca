package io.text2video.worker.video;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.junit.jupiter.api.Test;

/** FFmpeg is LGPL, or GPL where it is built so: a release passes on the first only. */
class FfmpegLicenceTest {
    @Test
    void shouldBeTheBuildUnderTheLgpl() {
        assertThat(new String[] {
                    avutil.avutil_license().getString(),
                    avcodec.avcodec_license().getString(),
                    avformat.avformat_license().getString(),
                    swscale.swscale_license().getString()
                })
                .containsOnly("LGPL version 3 or later");
        assertThat(avutil.avutil_configuration().getString())
                .contains("--enable-libopenh264")
                .doesNotContain("--enable-gpl", "--enable-nonfree", "libx264", "libx265");
    }
}
