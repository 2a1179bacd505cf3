/** The mathematics of the kernel once more, in EJML and double precision, to be read beside the paper. */
@SuppressWarnings("requires-transitive-automatic") // EJML names no module of its own
module org.mixdyn.reference {
    requires org.mixdyn.kernel;
    requires transitive ejml.core;
    requires ejml.ddense;

    exports org.mixdyn.reference;
}
