#include "src/onednn/weight_gradient.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/onednn/cpu.h"
#include "src/onednn/processor.h"

namespace ecg::onednn {
namespace {

using Bits = std::uint16_t;  // of a bf16

// Rows whose products are added up at a time, so that they stay in the core's own cache.
constexpr std::size_t kWide = 128;
constexpr std::size_t kRowsOfWide = 640, kRowsOfNarrow = 2048;
constexpr std::size_t kMultiple = 32;  // of rows, that a product likes

// Shapes whose plans a thread keeps: a network has a dozen, for each size of its micro-batches.
constexpr std::size_t kMostPlans = 64;

dnnl::matmul::primitive_desc Describe(const Memory::desc& a, const Memory::desc& b,
                                      const Memory::desc& c, bool adds) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (adds) {
    dnnl::post_ops after;
    after.append_sum(1.0F);
    attributes.set_post_ops(after);
  }
#if DNNL_VERSION_MAJOR >= 3
  return {Cpu(), a, b, c, attributes};
#else
  return {{a, b, c}, attributes, Cpu()};
#endif
}

constexpr std::size_t kBlock = 8;

// from [rows][columns] -> to [columns][row], of which each has `stride` numbers.
void Transpose(const Bits* from, std::size_t rows, std::size_t columns, Bits* to,
               std::size_t stride) {
  for (std::size_t column = 0; column < columns; column += kBlock) {
    const std::size_t width = std::min(kBlock, columns - column);
    std::size_t row = 0;
    for (; width == kBlock && row + kBlock <= rows; row += kBlock) {
      // Pairs, fours and eights change places between rows.
      using Eight = Bits __attribute__((vector_size(kBlock * sizeof(Bits))));
      Eight a[kBlock], b[kBlock];
      for (std::size_t i = 0; i < kBlock; ++i) {
        std::memcpy(&a[i], from + (row + i) * columns + column, sizeof a[i]);
      }
      for (std::size_t i = 0; i < 4; ++i) {
        b[2 * i] = __builtin_shufflevector(a[i], a[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
        b[2 * i + 1] = __builtin_shufflevector(a[i], a[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
      }
      for (std::size_t i = 0; i < 4; ++i) {
        a[2 * i] = __builtin_shufflevector(b[i], b[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
        a[2 * i + 1] = __builtin_shufflevector(b[i], b[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
      }
      for (std::size_t i = 0; i < 4; ++i) {
        b[2 * i] = __builtin_shufflevector(a[i], a[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
        b[2 * i + 1] = __builtin_shufflevector(a[i], a[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
      }
      for (std::size_t i = 0; i < kBlock; ++i) {
        std::memcpy(to + (column + i) * stride + row, &b[i], sizeof b[i]);
      }
    }
    for (; row < rows; ++row) {
      for (std::size_t i = 0; i < width; ++i) {
        to[(column + i) * stride + row] = from[row * columns + column + i];
      }
    }
  }
}

// What computing one shape takes, made once: it adds up the products of some records at a time,
// which lie one after the other with rows of zeros between them, so that what is moved by less than
// half a kernel meets nothing of another record.
class Plan {
 public:
  explicit Plan(const WeightGradientShape& shape)
      : shape_(shape), half_(shape.kernel / 2), apart_(shape.rows + half_) {
    const std::size_t rows = std::max(shape.in, shape.out) >= kWide ? kRowsOfWide : kRowsOfNarrow;
    const std::size_t most = std::clamp<std::size_t>(rows / apart_, 1, shape.records);
    const std::size_t pieces = (shape.records + most - 1) / most;
    together_ = (shape.records + pieces - 1) / pieces;
    rows_ = (together_ * apart_ + kMultiple - 1) / kMultiple * kMultiple;
    turned_.resize(shape.out * rows_ + 2 * half_);
    spaced_.resize(rows_ * shape.in);

    const auto bf16 = Memory::data_type::bf16;
    const Memory::desc a({Dim(shape.out), Dim(rows_)}, bf16, Memory::format_tag::ab);
    const Memory::desc b({Dim(rows_), Dim(shape.in)}, bf16, Memory::format_tag::any);
    // Rows apart from each other would take a slower way, so that the sums are put in order at the
    // end.
    const Memory::desc c({Dim(shape.out), Dim(shape.in)}, Memory::data_type::f32,
                         Memory::format_tag::ab);
    const auto first = Describe(a, b, c, false);
    const auto next = Describe(a, first.weights_desc(), c, true);
    first_ = dnnl::matmul(first);
    next_ = dnnl::matmul(next);
    first_scratch_ = Memory(first.scratchpad_desc(), Cpu());
    next_scratch_ = Memory(next.scratchpad_desc(), Cpu());
    plain_ =
        Memory({{Dim(rows_), Dim(shape.in)}, bf16, Memory::format_tag::ab}, Cpu(), spaced_.data());
    packed_ = Memory(first.weights_desc(), Cpu());
    pack_ = dnnl::reorder(plain_, packed_);
    sums_.resize(shape.kernel * shape.out * shape.in);
    // At place k of the kernel a row of y meets the row of x that lies k - half after it.
    for (std::size_t k = 0; k < shape.kernel; ++k) {
      from_.emplace_back(a, Cpu(), turned_.data() + 2 * half_ - k);
      to_.emplace_back(c, Cpu(), sums_.data() + k * shape.out * shape.in);
    }
  }

  void Run(const Bits* x, const Bits* y, float* gradient) {
    dnnl::stream stream(Cpu());
    for (std::size_t record = 0; record < shape_.records; record += together_) {
      Place(x, y, record);
      pack_.execute(stream, plain_, packed_);
      const bool adds = record > 0;
      for (std::size_t k = 0; k < shape_.kernel; ++k) {
        (adds ? next_ : first_)
            .execute(stream, {{DNNL_ARG_SRC, from_[k]},
                              {DNNL_ARG_WEIGHTS, packed_},
                              {DNNL_ARG_DST, to_[k]},
                              {DNNL_ARG_SCRATCHPAD, adds ? next_scratch_ : first_scratch_}});
      }
    }
    stream.wait();
    for (std::size_t o = 0; o < shape_.out; ++o) {
      for (std::size_t k = 0; k < shape_.kernel; ++k, gradient += shape_.in) {
        std::copy_n(sums_.data() + (k * shape_.out + o) * shape_.in, shape_.in, gradient);
      }
    }
  }

 private:
  // Lays out what begins with a record; of those behind the last there are zeros.
  void Place(const Bits* x, const Bits* y, std::size_t record) {
    const std::size_t there = std::min(together_, shape_.records - record);
    if (there < together_) {
      std::fill(turned_.begin(), turned_.end(), Bits{0});
      std::fill(spaced_.begin(), spaced_.end(), Bits{0});
    }
    for (std::size_t i = 0; i < there; ++i) {
      const std::size_t row = (record + i) * shape_.rows;
      std::copy_n(x + row * shape_.in, shape_.rows * shape_.in,
                  spaced_.data() + i * apart_ * shape_.in);
      Transpose(y + row * shape_.out, shape_.rows, shape_.out, turned_.data() + half_ + i * apart_,
                rows_);
    }
  }

  WeightGradientShape shape_;
  std::size_t half_, apart_;       // rows from a record's first to the next one's
  std::size_t together_ = 0;       // records at a time
  std::size_t rows_ = 0;           // of all of them
  std::vector<Bits> turned_;       // y [out][rows], half a kernel of zeros before and behind
  std::vector<Bits> spaced_;       // x [rows][in]
  std::vector<float> sums_;        // [kernel][out][in]
  std::vector<Memory> from_, to_;  // by place of the kernel
  Memory plain_, packed_, first_scratch_, next_scratch_;
  dnnl::reorder pack_;
  dnnl::matmul first_, next_;  // `next_` adds to what is there
};

}  // namespace

bool operator<(const WeightGradientShape& a, const WeightGradientShape& b) {
  const auto all = [](const WeightGradientShape& s) {
    return std::tie(s.records, s.rows, s.in, s.out, s.kernel);
  };
  return all(a) < all(b);
}

bool WeightGradientPays(const WeightGradientShape& shape) {
  constexpr std::size_t kNarrowest = 32;
  static const bool has_amx = HasAmxBf16();
  return has_amx && std::min(shape.in, shape.out) >= kNarrowest;
}

void WeightGradient(const WeightGradientShape& shape, const void* x, const void* y,
                    float* gradient) {
  // Threads that compute side by side need places of their own.
  thread_local std::map<WeightGradientShape, std::unique_ptr<Plan>> plans;
  Guarded([&] {
    if (plans.size() == kMostPlans && plans.count(shape) == 0) plans.clear();
    std::unique_ptr<Plan>& plan = plans[shape];
    if (plan == nullptr) plan = std::make_unique<Plan>(shape);
    plan->Run(static_cast<const Bits*>(x), static_cast<const Bits*>(y), gradient);
  });
}

}  // namespace ecg::onednn
