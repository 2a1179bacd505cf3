package org.mixdyn.kernel.svd;

/**
 * How well A = U S V^T is decomposed, in the units of LAPACK's testers, who accept 30. With A rows x cols and eps the
 * distance from 1 to the next number of the precision:
 *
 * @param residual       ||A - U S V^T||_1 / (||A||_1 max(rows, cols) eps); the plain norm where A = 0
 * @param orthogonalityU ||I - U^T U||_1 / (rows eps)
 * @param orthogonalityV ||I - V^T V||_1 / (cols eps)
 */
public record SvdCertificate(double residual, double orthogonalityU, double orthogonalityV) {
    /** Of a matrix without elements. */
    static final SvdCertificate EXACT = new SvdCertificate(0, 0, 0);

    /** The largest of the three. */
    public double worst() {
        return Math.max(residual, Math.max(orthogonalityU, orthogonalityV));
    }
}
