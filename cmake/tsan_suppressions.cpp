// Linked into every test under ThreadSanitizer. What it cannot see, it reports wrongly.

extern "C" const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    // std::exception_ptr counts its references inside of libstdc++, which is not instrumented: the
    // release of one thread and the reading of another look like a race of the exception's
    // destruction. Where the release is inlined, only the destructor of the exception's base class
    // is seen, which is there too, with the text that `what` gives.
    return "race:std::__exception_ptr::exception_ptr::_M_release\n"
           "race:std::runtime_error::~runtime_error\n"
           "race:std::logic_error::~logic_error\n";
}

extern "C" const char* __tsan_default_options();  // NOLINT(bugprone-reserved-identifier)

extern "C" const char* __tsan_default_options() {  // NOLINT(bugprone-reserved-identifier)
    // Without it a suppression by a function's name never matches. It has to be clang's own
    // version.
    return "external_symbolizer_path=" HOURGLASS_SYMBOLIZER;
}
