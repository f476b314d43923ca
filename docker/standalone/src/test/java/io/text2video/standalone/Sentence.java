package io.text2video.standalone;

import java.awt.Color;
import java.util.Locale;

/** One of the sentences that cogvideox-tiny was trained on, with what a video of it must show. */
record Sentence(Paint paint, Shape shape, Direction direction, Background background) {
    enum Paint {
        RED(220, 40, 40),
        GREEN(40, 190, 70),
        BLUE(50, 80, 230),
        YELLOW(240, 215, 50),
        WHITE(245, 245, 245),
        PURPLE(160, 60, 200);

        final Color color;

        Paint(int red, int green, int blue) {
            color = new Color(red, green, blue);
        }
    }

    enum Shape {
        BALL,
        SQUARE,
        TRIANGLE
    }

    enum Direction {
        LEFT(-1, 0),
        RIGHT(1, 0),
        UP(0, -1),
        DOWN(0, 1);

        final int dx;
        final int dy;

        Direction(int dx, int dy) {
            this.dx = dx;
            this.dy = dy;
        }
    }

    enum Background {
        BLACK(12, 12, 16),
        GRAY(120, 120, 124);

        final Color color;

        Background(int red, int green, int blue) {
            color = new Color(red, green, blue);
        }
    }

    String prompt() {
        return "a %s %s moving %s on a %s background"
                .formatted(paint, shape, direction, background)
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return prompt();
    }
}
