// LZF, the fast compression that h5py brings along (M. Lehmann's LibLZF): runs of bytes as they
// are, and references to what came before.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ecg::hdf5 {

// Nothing where it is damaged or would be longer than `most` bytes.
std::optional<std::string> UnpackLzf(std::string_view packed, std::size_t most);

}  // namespace ecg::hdf5
