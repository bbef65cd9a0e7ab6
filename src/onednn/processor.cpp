#include "src/onednn/processor.h"

#include <oneapi/dnnl/dnnl.hpp>

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
// Of the OpenMP that oneDNN is linked with; its header is the compiler's.
extern "C" {
int omp_get_max_threads();
void omp_set_num_threads(int count);
}
#elif DNNL_CPU_THREADING_RUNTIME != DNNL_RUNTIME_SEQ
#error "this oneDNN takes its threads from neither OpenMP nor nowhere"
#endif

namespace ecg::onednn {
namespace {

// Always false but on x86-64: elsewhere the same numbers stand for other sets of instructions.
bool Has([[maybe_unused]] dnnl::cpu_isa isa) {
#if defined(__x86_64__)
  const auto bits = static_cast<unsigned>(isa);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
#else
  return false;
#endif
}

}  // namespace

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
OneThread::OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
OneThread::~OneThread() { omp_set_num_threads(before_); }
#else
OneThread::OneThread() : before_(1) {}
OneThread::~OneThread() = default;
#endif

bool HasNativeBf16() { return Has(dnnl::cpu_isa::avx512_core_bf16); }
bool HasAmxBf16() { return Has(dnnl::cpu_isa::avx512_core_amx); }
bool CanBf16() { return Has(dnnl::cpu_isa::avx512_core); }

int LargestByteWeight() {
  if (Has(dnnl::cpu_isa::avx512_core_vnni) || Has(dnnl::cpu_isa::avx2_vnni)) return 127;
  return Has(dnnl::cpu_isa::avx2) ? 63 : 0;
}

}  // namespace ecg::onednn
