package org.mixdyn.bench.plot;

import java.awt.geom.Path2D;

/** Lines of equal value on a grid, straight within each triangle of a cell's centre and two of its corners. */
final class Contours {
    private Contours() {
    }

    /**
     * The line of one level, as segments.
     *
     * @param x      of the columns
     * @param y      of the rows
     * @param values of row and column; cells with a NaN have no line
     */
    static Path2D at(double level, double[] x, double[] y, double[][] values) {
        Path2D path = new Path2D.Double();
        for (int row = 0; row < y.length - 1; row++) {
            for (int column = 0; column < x.length - 1; column++) {
                double[] cornerX = {x[column], x[column + 1], x[column + 1], x[column]};
                double[] cornerY = {y[row], y[row], y[row + 1], y[row + 1]};
                double[] corner = {values[row][column], values[row][column + 1], values[row + 1][column + 1],
                        values[row + 1][column]};
                double centre = (corner[0] + corner[1] + corner[2] + corner[3]) / 4;
                double least = Math.min(Math.min(corner[0], corner[1]), Math.min(corner[2], corner[3]));
                double most = Math.max(Math.max(corner[0], corner[1]), Math.max(corner[2], corner[3]));
                if (!(least < level && most >= level)) {
                    continue;
                }
                double centreX = (x[column] + x[column + 1]) / 2;
                double centreY = (y[row] + y[row + 1]) / 2;
                for (int side = 0; side < 4; side++) {
                    int next = (side + 1) % 4;
                    addTriangle(path, level, new double[]{cornerX[side], cornerX[next], centreX},
                            new double[]{cornerY[side], cornerY[next], centreY},
                            new double[]{corner[side], corner[next], centre});
                }
            }
        }
        return path;
    }

    private static void addTriangle(Path2D path, double level, double[] x, double[] y, double[] value) {
        boolean begun = false;
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            if (value[i] < level != value[j] < level) {
                double part = (level - value[i]) / (value[j] - value[i]);
                double atX = x[i] + part * (x[j] - x[i]);
                double atY = y[i] + part * (y[j] - y[i]);
                if (begun) {
                    path.lineTo(atX, atY);
                } else {
                    path.moveTo(atX, atY);
                    begun = true;
                }
            }
        }
    }
}
