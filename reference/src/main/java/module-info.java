/** The mathematics of the kernel once more, in EJML and double precision, to be read beside the paper. */
module org.mixdyn.reference {
    requires org.mixdyn.kernel;
}
