// Matrices and views of them.
//
// Row-major; each row starts on a 64-byte boundary and is padded with zeros to a whole number of
// 64-byte lines, so that kernels may read and write whole vectors. The padding of weights, deltas
// and gradients stays zero; that of activations may hold anything finite.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

namespace deltarule {

inline constexpr std::size_t kLineBytes = 64;

/// `columns` rounded up to whole lines.
template <class T>
std::size_t padded(std::size_t columns) {
  constexpr std::size_t kLine = kLineBytes / sizeof(T);
  return (columns + kLine - 1) / kLine * kLine;
}

struct Shape {
  std::size_t rows = 0, columns = 0;
  std::size_t size() const { return rows * columns; }
  bool operator==(const Shape&) const = default;
};

/// `T` may be const. Does not own; as cheap to pass as a pointer.
template <class T>
struct MatrixView {
  T* data = nullptr;
  Shape shape;
  std::size_t stride = 0;  ///< elements from one row to the next, at least shape.columns

  std::size_t rows() const { return shape.rows; }
  std::size_t columns() const { return shape.columns; }
  T* row_data(std::size_t row) const { return data + row * stride; }
  std::span<T> row(std::size_t row) const { return {row_data(row), shape.columns}; }
  T& operator()(std::size_t row, std::size_t column) const { return data[row * stride + column]; }

  /// Rows [first, first + count).
  MatrixView rows(std::size_t first, std::size_t count) const {
    assert(first + count <= shape.rows);
    return {row_data(first), {count, shape.columns}, stride};
  }

  /// Columns [first, first + count), where `first` begins a line. The last column ends a line or is
  /// the last of the matrix.
  MatrixView columns(std::size_t first, std::size_t count) const {
    assert(first + count <= shape.columns && first * sizeof(T) % kLineBytes == 0);
    return {data + first, {shape.rows, count}, stride};
  }

  /// What kernels compute of a row: the columns and the padding up to the end of a line.
  std::size_t padded_columns() const { return padded<T>(shape.columns); }

  operator MatrixView<const T>() const { return {data, shape, stride}; }  // NOLINT: as T* does
};

template <class T>
using ConstMatrixView = MatrixView<const T>;

/// Every element, padding included.
template <class T>
void fill(const MatrixView<T>& matrix, T value) {
  std::fill_n(matrix.data, matrix.rows() * matrix.stride, value);
}

template <class T>
class Matrix {
 public:
  Matrix() = default;
  /// All zeros.
  explicit Matrix(Shape shape) : shape_(shape), stride_(padded<T>(shape.columns)) {
    const std::size_t bytes = std::max<std::size_t>(shape.rows * stride_ * sizeof(T), kLineBytes);
    data_.reset(static_cast<T*>(std::aligned_alloc(kLineBytes, bytes)));
    if (!data_) throw std::bad_alloc();
    std::fill_n(data_.get(), bytes / sizeof(T), T{});
  }
  Matrix(const Matrix& other) : Matrix(other.shape_) {
    if (other.data_) std::copy_n(other.data_.get(), shape_.rows * stride_, data_.get());
  }
  Matrix(Matrix&&) noexcept = default;
  Matrix& operator=(Matrix&&) noexcept = default;
  Matrix& operator=(const Matrix& other) {
    // Into the memory that is there when the shapes agree: keeping the best weights must not
    // allocate.
    if (data_ && shape_ == other.shape_) {
      std::copy_n(other.data_.get(), shape_.rows * stride_, data_.get());
    } else {
      *this = Matrix(other);
    }
    return *this;
  }

  Shape shape() const { return shape_; }
  std::size_t rows() const { return shape_.rows; }
  std::size_t columns() const { return shape_.columns; }
  T& operator()(std::size_t row, std::size_t column) { return data_[row * stride_ + column]; }
  const T& operator()(std::size_t row, std::size_t column) const {
    return data_[row * stride_ + column];
  }
  std::span<T> row(std::size_t row) { return view().row(row); }
  std::span<const T> row(std::size_t row) const { return view().row(row); }

  MatrixView<T> view() { return {data_.get(), shape_, stride_}; }
  ConstMatrixView<T> view() const { return {data_.get(), shape_, stride_}; }

 private:
  struct Free {
    void operator()(T* pointer) const { std::free(pointer); }
  };

  Shape shape_;
  std::size_t stride_ = 0;
  std::unique_ptr<T[], Free> data_;
};

}  // namespace deltarule
