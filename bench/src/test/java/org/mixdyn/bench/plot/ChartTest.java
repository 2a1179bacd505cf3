package org.mixdyn.bench.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.PathIterator;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Pictures are well-formed, say what they show, and show every curve. */
class ChartTest {
    private static final int[] ITERATIONS = {0, 10, 20, 30};

    @Test
    void errorsAreDrawnWithTheLeastTestErrorNamed() throws Exception {
        ErrorCurve descent = new ErrorCurve("", ITERATIONS, new double[]{2, 1, 0.1, 0.01},
                new double[]{1, 0.25, 0.125, 0.3});
        ErrorCurve formula = new ErrorCurve("self-consistent", ITERATIONS, new double[]{2, 1.1, 0.2, 0.01},
                new double[]{1, 0.3, 0.2, 0.3});
        Document one = parse(ErrorChart.svg("Title", "with settings", List.of(descent)));
        Document two = parse(ErrorChart.svg("Title", "with settings", List.of(descent, formula)));
        assertTrue(texts(one).containsAll(
                List.of("Title", "with settings", "iteration", "mean squared error", "train error, of A − Y",
                        "test error, of A − A*", "least test error 0.125 at iteration 20")),
                texts(one).toString());
        assertTrue(texts(two).contains("self-consistent"));
        assertEquals(2 + 1, lines(two) - lines(one), "two curves and a line of the legend");
    }

    /** However far the errors fall, and wherever the least is. */
    @Test
    void theLeastTestErrorIsInThePicture() throws Exception {
        for (double least : new double[]{0.9, 1e-2, 1e-6, 1e-20}) {
            for (double[] test : new double[][]{{1, 2 * least, least, 3 * least}, {1, 1, 2 * least, least},
                    {least, 0.5, 0.7, 1}}) {
                Document picture = parse(ErrorChart.svg("t", "s", List.of(new ErrorCurve("", ITERATIONS,
                        new double[]{1, 0.1 * least, 1e-3 * least, 1e-6 * least}, test))));
                double label = height(picture, "least test error");
                double axis = height(picture, "iteration");
                assertTrue(label < axis - 40, "at " + label + " of " + axis + " for " + least);
            }
        }
    }

    private static double height(Document picture, String begin) {
        NodeList texts = picture.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength()).mapToObj(texts::item)
                .filter(text -> text.getTextContent().startsWith(begin))
                .mapToDouble(text -> Double.parseDouble(text.getAttributes().getNamedItem("y").getTextContent()))
                .max().orElseThrow();
    }

    /** As dots, which are closed paths. */
    @Test
    void aSingleRecordIsShown() throws Exception {
        Document picture = parse(ErrorChart.svg("t", "s",
                List.of(new ErrorCurve("", new int[]{0}, new double[]{2}, new double[]{1}))));
        Document none = parse(ErrorChart.svg("t", "s",
                List.of(new ErrorCurve("", new int[]{0}, new double[]{0}, new double[]{1}))));
        assertTrue(paths(picture) > paths(none));
        SpectrumCurve single = new SpectrumCurve("", new int[]{0}, new double[][]{{3, 2, 1}}, new int[]{2});
        SpectrumCurve nothing = new SpectrumCurve("", new int[0], new double[0][], new int[0]);
        assertTrue(paths(spectrum(single)) >= 3 + paths(spectrum(nothing)));
    }

    private static Document spectrum(SpectrumCurve curve) throws Exception {
        return parse(SpectrumChart.svg("t", "s", List.of(curve), 2, 1, new double[]{4, 3}));
    }

    private static int paths(Document picture) {
        return picture.getElementsByTagName("path").getLength();
    }

    /** The last number before a run diverges may be next to the largest; labels of all decades would be a bar. */
    @Test
    void errorsOfAllSizesHaveAFewLabels() throws Exception {
        for (double most : new double[]{1e3, 1e14, 1e40, 1e301, Double.MAX_VALUE}) {
            double[] errors = {1, most, Double.NaN};
            double[] tiny = {1e-9, Double.NaN, Double.NaN};
            assertTrue(texts(
                    parse(ErrorChart.svg("t", "s", List.of(new ErrorCurve("", new int[]{0, 1, 2}, errors, tiny)))))
                    .stream().noneMatch(text -> text.startsWith("1e-100")));
            long labels = texts(parse(ErrorChart.svg("t", "s",
                    List.of(new ErrorCurve("", new int[]{0, 1, 2}, errors, errors))))).stream()
                    .filter(text -> text.matches("1(0*|e[+]\\d+)")).count();
            assertTrue(labels >= 3 && labels <= 17, "labels up to " + most + ": " + labels);
        }
    }

    /** Of a curve that leaves the numbers at once, while the other goes on. */
    @Test
    void aSingleErrorIsShownBesideACurve() throws Exception {
        int[] iterations = {0, 1, 2};
        double[] whole = {3, 2, 1};
        double nan = Double.NaN;
        Document one = parse(ErrorChart.svg("t", "s",
                List.of(new ErrorCurve("", iterations, new double[]{4, nan, nan}, whole))));
        Document none = parse(ErrorChart.svg("t", "s",
                List.of(new ErrorCurve("", iterations, new double[]{nan, nan, nan}, whole))));
        assertTrue(paths(one) - lines(one) > paths(none) - lines(none), "a dot is a closed path");
    }

    @Test
    void errorsThatAreNotFiniteOrAllZeroStillMakeAPicture() throws Exception {
        parse(ErrorChart.svg("t", "s", List.of(new ErrorCurve("", new int[]{0, 1}, new double[]{1, Double.NaN},
                new double[]{1, Double.POSITIVE_INFINITY}))));
        parse(ErrorChart.svg("t", "s", List.of(new ErrorCurve("", new int[]{0}, new double[]{0}, new double[]{0}))));
        double[] infinite = {Double.POSITIVE_INFINITY};
        parse(ErrorChart.svg("t", "s", List.of(new ErrorCurve("", new int[]{0}, infinite, infinite))));
    }

    @Test
    void aSpectrumShowsLeadingValuesBulkThresholdAndTarget() throws Exception {
        double[][] values = {{3, 2, 1, 0.5}, {5, 3, 1, 0.5}, {8, 5, 1, 0.5}, {9, 6, 1, 0.5}};
        String svg = SpectrumChart.svg("Title", "settings",
                List.of(new SpectrumCurve("", ITERATIONS, values, new int[]{0, 1, 2, 2})), 2, 4, new double[]{10, 7});
        assertTrue(texts(parse(svg)).containsAll(
                List.of("singular values of A", "active", "s₁", "s₂", "others", "σ²w = 4 (lazy below)",
                        "singular values of A*")),
                texts(parse(svg)).toString());
        int curves = 2 + 2 + 1 + 2;
        int legend = 5;
        assertEquals(curves + legend, lines(parse(svg)));
    }

    @Test
    void aSpectrumWithoutAThresholdCountsNoActiveValues() throws Exception {
        Document picture = parse(SpectrumChart.svg("t", "s",
                List.of(new SpectrumCurve("", new int[]{0, 1}, new double[][]{{3, 2}, {3, 2}}, new int[0])), 1,
                Double.NaN, new double[]{4}));
        assertFalse(texts(picture).contains("active"));
    }

    /** A single peak and a single gap among many records are shown, and the picture stays small. */
    @Test
    void manyRecordsAreThinnedWithoutLosingPeaks() throws Exception {
        int count = 100_003;
        double[] errors = new double[count];
        Arrays.setAll(errors, i -> 1 + 1e-5 * i);
        errors[12_345] = 9;
        errors[76_543] = 0.1;
        int[] shown = Thinning.withPeaks(errors).toArray();
        assertTrue(shown.length <= 4000, "records: " + shown.length);
        assertArrayEquals(IntStream.of(shown).sorted().distinct().toArray(), shown);
        for (int must : new int[]{0, 12_345, 76_543, count - 1}) {
            assertTrue(Arrays.binarySearch(shown, must) >= 0, "record " + must);
        }
        String svg = ErrorChart.svg("t", "s",
                List.of(new ErrorCurve("", IntStream.range(0, count).toArray(), errors, errors)));
        assertTrue(svg.length() < 400_000, "characters: " + svg.length());
        double[] diverged = errors.clone();
        diverged[0] = Double.NaN;
        diverged[count - 2] = 1e162;
        diverged[count - 1] = Double.POSITIVE_INFINITY;
        int[] finite = Thinning.withPeaks(diverged).toArray();
        assertEquals(1, finite[0]);
        assertEquals(count - 2, finite[finite.length - 1]);
        double[] few = new double[4000];
        Arrays.fill(few, 1);
        assertEquals(4000, Thinning.withPeaks(few).count());
        int[] even = Thinning.evenly(2_000_000_001).toArray();
        assertEquals(1000, even.length);
        assertEquals(0, even[0]);
        assertEquals(2_000_000_000, even[999]);
        assertEquals(1000, Thinning.evenly(1000).distinct().count());
    }

    @Test
    void aSpectrumOfNothingOrOfManyStaysSmall() throws Exception {
        parse(SpectrumChart.svg("t", "s", List.of(new SpectrumCurve("", new int[0], new double[0][], new int[0])), 5, 1,
                new double[]{2}));
        double[] many = IntStream.range(0, 500).mapToDouble(i -> 500 - i).toArray();
        double[][] repeated = IntStream.range(0, 100).mapToObj(i -> many).toArray(double[][]::new);
        String svg = SpectrumChart.svg("t", "s",
                List.of(new SpectrumCurve("", IntStream.range(0, 100).toArray(), repeated, new int[100])), 5, 1,
                new double[]{2});
        parse(svg);
        assertTrue(svg.length() < 400_000, "characters: " + svg.length());
    }

    @Test
    void aPhasePanelShowsItsBoundariesAndColourBar() throws Exception {
        double[] x = {-2, -1, 0};
        double[] y = {0, 1, 2};
        double[][] values = {{0, 1, 2}, {1, 2, 3}, {2, 3, Double.NaN}};
        PhaseMap map = new PhaseMap("id", "Title", "settings", "quantity", x, y, values, new double[]{0, 1, 2, 3},
                new double[]{1.5}, 1, new PhaseLines(100, 5), true);
        Document picture = parse(PhaseChart.svg(map));
        assertTrue(texts(picture).containsAll(List.of("Title", "settings", "quantity", "active | lazy: γ_σ² + γ_w = 1",
                "infinite noise: γ_σ² = −γ_w/2", "underparameterised: γ_w = log_d k")), texts(picture).toString());
        assertEquals(1, picture.getElementsByTagName("image").getLength());
        PhaseMap single = new PhaseMap("id", "Title", "settings", "quantity", new double[]{-1}, new double[]{2},
                new double[][]{{0.5}}, new double[]{0, 1}, new double[]{0.5}, 1, new PhaseLines(100, 5), false);
        // Half a unit around the only point two of the lines are to be seen.
        assertTrue(texts(parse(PhaseChart.svg(single))).containsAll(List.of("active | lazy: γ_σ² + γ_w = 1",
                "infinite noise: γ_σ² = −γ_w/2")));
    }

    /** Of a function that is linear on the grid, contours lie on its lines, from end to end. */
    @Test
    void contoursOfALinearFunctionAreStraight() {
        double[] x = {0, 1, 3, 4};
        double[] y = {0, 2, 3};
        double[][] values = new double[3][4];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                values[row][column] = 2 * x[column] + y[row];
            }
        }
        double length = 0;
        double[] at = new double[6];
        double lastX = 0;
        double lastY = 0;
        for (PathIterator path = Contours.at(4.5, x, y, values).getPathIterator(null); !path.isDone(); path.next()) {
            boolean begins = path.currentSegment(at) == PathIterator.SEG_MOVETO;
            assertEquals(4.5, 2 * at[0] + at[1], 1e-12);
            length += begins ? 0 : Math.hypot(at[0] - lastX, at[1] - lastY);
            lastX = at[0];
            lastY = at[1];
        }
        // From (2.25, 0) to (0.75, 3).
        assertEquals(Math.hypot(1.5, 3), length, 1e-12);
    }

    private static List<String> texts(Document picture) {
        NodeList texts = picture.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength()).mapToObj(i -> texts.item(i).getTextContent()).toList();
    }

    /** Paths that are not closed: curves and the lines of the legend. */
    private static long lines(Document picture) {
        NodeList paths = picture.getElementsByTagName("path");
        return IntStream.range(0, paths.getLength())
                .mapToObj(i -> paths.item(i).getAttributes().getNamedItem("d").getTextContent())
                .filter(path -> !path.endsWith("Z")).count();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
