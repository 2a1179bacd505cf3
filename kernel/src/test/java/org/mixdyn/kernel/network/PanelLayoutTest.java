package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.simd.Precision;

class PanelLayoutTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 2, 7", "10, 10, 20000", "64, 64, 65536", "100, 100, 10000", "100, 100, 30001",
            "500, 500, 100000", "500, 300, 321", "700, 900, 1441", "1, 1, 3000000000"})
    void panelsShareTheUnitsEvenlyAndGroupsThePanels(int outputs, int inputs, long width) {
        for (Precision precision : Precision.values()) {
            PanelLayout layout = new PanelLayout(outputs, inputs, width, precision);
            int tile = BlockSizes.of(precision).mr();
            // With as many as 256, groups may differ by one.
            assertTrue(layout.panels() % layout.groups() == 0 || layout.panels() >= 256, layout.panels() + " panels");
            assertEquals(0, layout.firstUnit(0));
            long units = 0;
            long rows = 0;
            for (int panel = 0; panel < layout.panels(); panel++) {
                assertEquals(rows, layout.firstUnit(panel));
                int own = layout.rowsOf(panel);
                assertEquals(0, own % tile);
                assertTrue(own <= layout.mostRows() && own >= layout.mostRows() - tile, own + " rows");
                assertTrue(layout.unitsOf(panel) > 0 && layout.unitsOf(panel) <= own);
                units += layout.unitsOf(panel);
                rows += own;
            }
            assertEquals(width, units);
            assertEquals((width + tile - 1) / tile * tile, rows);
        }
    }
}
