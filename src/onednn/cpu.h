// What every use of oneDNN begins with. Only for the sources of this module: its headers show
// nothing of oneDNN, and what differs between its versions 2 and 3 stays behind them.
#pragma once

#include <cstddef>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

#include "ecg/core/result.h"

namespace ecg::onednn {

using Memory = dnnl::memory;

inline const dnnl::engine& Cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

inline Memory::dim Dim(std::size_t n) { return static_cast<Memory::dim>(n); }

// oneDNN's failures leave as ours.
template <typename Body>
auto Guarded(const Body& body) {
  try {
    return body();
  } catch (const dnnl::error& error) {
    throw Exception({ErrorKind::kInternal, std::string("oneDNN: ") + error.what(), {}, 0, {}});
  }
}

}  // namespace ecg::onednn
