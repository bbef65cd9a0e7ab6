// How a program with networks allocates: see src/train/README.md. Has no effect where it is not
// linked with jemalloc.

extern "C" {
// jemalloc looks for this name. Memory that was freed is kept: in each pass tensors of some
// megabytes come and go, and what the system takes back it would have to fill with zeros again.
extern const char* const malloc_conf;
const char* const malloc_conf = "dirty_decay_ms:-1,muzzy_decay_ms:-1,thp:always";
}
