// What Swift cannot import from hdf5.h: macros that call functions, and calls that changed between
// HDF5 1.10 and later versions.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Constants

static inline hid_t chdf5_default_list(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_whole_space(void) { return H5S_ALL; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }

static inline hid_t chdf5_create_file_access(void) { return H5Pcreate(H5P_FILE_ACCESS); }
static inline hid_t chdf5_create_link_access(void) { return H5Pcreate(H5P_LINK_ACCESS); }
static inline hid_t chdf5_create_link_creation(void) { return H5Pcreate(H5P_LINK_CREATE); }
static inline hid_t chdf5_create_dataset_creation(void) { return H5Pcreate(H5P_DATASET_CREATE); }
static inline hid_t chdf5_create_attribute_creation(void) { return H5Pcreate(H5P_ATTRIBUTE_CREATE); }

static inline ssize_t chdf5_open_objects(void) { return H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL); }

// Errors

typedef struct {
  H5E_auto2_t function;
  void *data;
  unsigned plugins;
} chdf5_settings;

// Stops HDF5 printing errors on this thread, empties its error stack, and keeps it from loading plug-ins.
static inline chdf5_settings chdf5_silence(void) {
  chdf5_settings old = {NULL, NULL, 0};
  H5Eget_auto2(H5E_DEFAULT, &old.function, &old.data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLget_loading_state(&old.plugins);
  H5PLset_loading_state(0);
  return old;
}

static inline void chdf5_restore(chdf5_settings old) {
  H5PLset_loading_state(old.plugins);
  H5Eset_auto2(H5E_DEFAULT, old.function, old.data);
}

// For reading numbers of another type: HDF5 clears its buffer for every dataset, a megabyte by default.
static inline hid_t chdf5_create_transfer(void) {
  hid_t list = H5Pcreate(H5P_DATASET_XFER);
  if (list >= 0) H5Pset_buffer(list, 1 << 15, NULL, NULL);
  return list;
}

// Empties the error stack of this thread.
static inline void chdf5_forget_errors(void) { H5Eclear2(H5E_DEFAULT); }

// Calls `visit` for each error of the stack, the innermost first.
static inline herr_t chdf5_walk_errors(H5E_walk2_t visit, void *data) {
  return H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit, data);
}

// Types: copies, to be closed by the caller

static inline hid_t chdf5_integer_type(int bits, bool is_signed, bool big_endian) {
  switch (bits) {
  case 8: return H5Tcopy(is_signed ? H5T_STD_I8LE : H5T_STD_U8LE);
  case 16:
    return H5Tcopy(is_signed ? (big_endian ? H5T_STD_I16BE : H5T_STD_I16LE)
                             : (big_endian ? H5T_STD_U16BE : H5T_STD_U16LE));
  case 32:
    return H5Tcopy(is_signed ? (big_endian ? H5T_STD_I32BE : H5T_STD_I32LE)
                             : (big_endian ? H5T_STD_U32BE : H5T_STD_U32LE));
  case 64:
    return H5Tcopy(is_signed ? (big_endian ? H5T_STD_I64BE : H5T_STD_I64LE)
                             : (big_endian ? H5T_STD_U64BE : H5T_STD_U64LE));
  default: return -1;
  }
}

static inline hid_t chdf5_float_type(int bits, bool big_endian) {
  switch (bits) {
  case 16: {
    // HDF5 before 1.14.4 has no IEEE half of its own.
    hid_t half = H5Tcopy(big_endian ? H5T_IEEE_F32BE : H5T_IEEE_F32LE);
    if (half < 0) return half;
    if (H5Tset_fields(half, 15, 10, 5, 0, 10) < 0 || H5Tset_size(half, 2) < 0 ||
        H5Tset_ebias(half, 15) < 0) {
      H5Tclose(half);
      return -1;
    }
    return half;
  }
  case 32: return H5Tcopy(big_endian ? H5T_IEEE_F32BE : H5T_IEEE_F32LE);
  case 64: return H5Tcopy(big_endian ? H5T_IEEE_F64BE : H5T_IEEE_F64LE);
  default: return -1;
  }
}

static inline hid_t chdf5_string_type(size_t length, bool is_variable, H5T_str_t padding, bool utf8) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  if (H5Tset_size(type, is_variable ? H5T_VARIABLE : length) < 0 || H5Tset_strpad(type, padding) < 0 ||
      H5Tset_cset(type, utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

// The enumeration by which h5py stores a bool.
static inline hid_t chdf5_boolean_type(void) {
  hid_t type = H5Tenum_create(H5T_STD_I8LE);
  if (type < 0) return type;
  int8_t no = 0, yes = 1;
  if (H5Tenum_insert(type, "FALSE", &no) < 0 || H5Tenum_insert(type, "TRUE", &yes) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

static inline htri_t chdf5_is_boolean_type(hid_t type) {
  hid_t boolean = chdf5_boolean_type();
  if (boolean < 0) return -1;
  htri_t result = H5Tequal(type, boolean);
  H5Tclose(boolean);
  return result;
}

// Whether all the bits of a number are used.
static inline htri_t chdf5_fills_its_bits(hid_t type) {
  size_t size = H5Tget_size(type), precision = H5Tget_precision(type);
  int offset = H5Tget_offset(type);
  if (size == 0 || precision == 0 || offset < 0) return -1;
  return precision == 8 * size && offset == 0;
}

// Whether a float has the layout of IEEE 754 for its size.
static inline htri_t chdf5_is_ieee(hid_t type) {
  htri_t fills = chdf5_fills_its_bits(type);
  if (fills <= 0) return fills;
  size_t sign, exponent, exponent_bits, fraction, fraction_bits;
  if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &fraction, &fraction_bits) < 0) return -1;
  size_t bits = 8 * H5Tget_size(type);
  size_t expected = bits == 16 ? 10 : bits == 32 ? 23 : bits == 64 ? 52 : 0;
  return expected != 0 && sign == bits - 1 && fraction == 0 && fraction_bits == expected &&
         exponent == expected && exponent_bits == bits - 1 - expected &&
         H5Tget_ebias(type) == ((size_t)1 << (exponent_bits - 1)) - 1 &&
         H5Tget_norm(type) == H5T_NORM_IMPLIED;
}

// Whether a dataset's data lie in one piece of its own file: not in chunks, in its header, elsewhere or nowhere.
// Where the data of a dataset that lies in one piece begin in a file that is only read, and the descriptor by which HDF5
// reads it; false where there is no such place.
static inline bool chdf5_find_data(hid_t file, hid_t dataset, haddr_t *offset, int *descriptor) {
  unsigned intent = H5F_ACC_RDWR;
  void *handle = NULL;
  *offset = H5Dget_offset(dataset);
  hid_t access = H5Fget_access_plist(file);
  bool found = *offset != HADDR_UNDEF && access >= 0 && H5Pget_driver(access) == H5FD_SEC2 &&
               H5Fget_intent(file, &intent) >= 0 && !(intent & H5F_ACC_RDWR) &&
               H5Fget_vfd_handle(file, access, &handle) >= 0 && handle;
  if (found) *descriptor = *(int *)handle;
  if (access >= 0) H5Pclose(access);
  if (!found) H5Eclear2(H5E_DEFAULT);
  return found;
}

static inline bool chdf5_is_in_one_piece(hid_t dataset) {
  bool result = H5Dget_offset(dataset) != HADDR_UNDEF;
  if (!result) H5Eclear2(H5E_DEFAULT);
  return result;
}

// Calls that differ between versions

static inline htri_t chdf5_is_hdf5(const char *path) {
#if H5_VERSION_GE(1, 12, 0)
  return H5Fis_accessible(path, H5P_DEFAULT);
#else
  return H5Fis_hdf5(path);
#endif
}

// Does nothing where HDF5 cannot do without locks, or has none.
static inline herr_t chdf5_disable_locks(hid_t file_access) {
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  return H5Pset_file_locking(file_access, false, true);
#else
  (void)file_access;
  return 0;
#endif
}

static inline herr_t chdf5_reclaim(hid_t type, hid_t space, void *buffer) {
#if H5_VERSION_GE(1, 12, 0)
  return H5Treclaim(type, space, H5P_DEFAULT, buffer);
#else
  return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
#endif
}

typedef struct {
  H5O_type_t type;
  uint64_t address;
} chdf5_object_info;

static inline herr_t chdf5_object_by_name(hid_t place, const char *name, hid_t access, chdf5_object_info *info) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t found;
  herr_t status = H5Oget_info_by_name3(place, name, &found, H5O_INFO_BASIC, access);
  if (status < 0) return status;
  info->type = found.type;
  // A token of the native file format begins with the object's address.
  memcpy(&info->address, &found.token, sizeof info->address);
#else
  H5O_info_t found;
  herr_t status = H5Oget_info_by_name2(place, name, &found, H5O_INFO_BASIC, access);
  if (status < 0) return status;
  info->type = found.type;
  info->address = found.addr;
#endif
  return status;
}

typedef struct {
  H5L_type_t type;
  size_t value_size;
} chdf5_link_info;

static inline herr_t chdf5_link(hid_t group, const char *name, hid_t access, chdf5_link_info *info) {
  H5L_info_t found;
  herr_t status = H5Lget_info(group, name, &found, access);
  if (status < 0) return status;
  info->type = found.type;
  info->value_size = found.type == H5L_TYPE_HARD ? 0 : found.u.val_size;
  return status;
}

typedef struct {
  void (*visit)(const char *name, void *data);
  void *data;
} chdf5_visitor;

static inline herr_t chdf5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  (void)group, (void)info;
  chdf5_visitor *visitor = data;
  visitor->visit(name, visitor->data);
  return 0;
}

static inline herr_t chdf5_link_names(hid_t group, void (*visit)(const char *, void *), void *data) {
  chdf5_visitor visitor = {visit, data};
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, chdf5_visit_link, &visitor);
}

static inline herr_t chdf5_visit_attribute(hid_t object, const char *name, const H5A_info_t *info, void *data) {
  (void)object, (void)info;
  chdf5_visitor *visitor = data;
  visitor->visit(name, visitor->data);
  return 0;
}

static inline herr_t chdf5_attribute_names(hid_t object, void (*visit)(const char *, void *), void *data) {
  chdf5_visitor visitor = {visit, data};
  return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, chdf5_visit_attribute, &visitor);
}

#endif
